import type { Middleware } from 'openapi-fetch'

/** What the tabs of a browser tell each other about the notes they make. */
type Said = { begins: string } | { ends: string; note?: number }

const patience = 5000
const creating = '/api/v1/decks/{id}/notes'

/**
 * Remembers which notes this browser made itself: who has just typed a card
 * needs no toast about it. The log is often faster than the answer to the
 * request, so `isOwn` waits for requests that are still under way.
 */
export function createMade(client: { use: (middleware: Middleware) => void }, channel?: BroadcastChannel) {
  const notes = new Set<number>()
  const open = new Set<string>()
  let waiting: (() => void)[] = []

  function end(id: string) {
    open.delete(id)
    if (open.size > 0) return
    for (const go of waiting.splice(0)) go()
  }

  function hear(said: Said) {
    if ('begins' in said) {
      open.add(said.begins)
      // A tab that is closed in between never says how it ended.
      setTimeout(() => end(said.begins), patience)
      return
    }
    if (said.note !== undefined) notes.add(said.note)
    end(said.ends)
  }

  function say(said: Said) {
    hear(said)
    channel?.postMessage(said)
  }

  if (channel) channel.onmessage = ({ data }) => hear(data as Said)
  const isCreating = (request: Request, path: string) => request.method === 'POST' && path === creating
  client.use({
    onRequest({ id, request, schemaPath }) {
      if (isCreating(request, schemaPath)) say({ begins: id })
    },
    async onResponse({ id, request, schemaPath, response }) {
      if (!isCreating(request, schemaPath)) return
      const made = response.ok ? await response.clone().json().catch(() => null) : null
      say({ ends: id, note: made?.note?.id })
    },
    onError({ id, request, schemaPath }) {
      if (isCreating(request, schemaPath)) say({ ends: id })
    },
  })

  return {
    async isOwn(note: number): Promise<boolean> {
      if (!notes.has(note) && open.size > 0) await new Promise<void>((resolve) => waiting.push(resolve))
      return notes.has(note)
    },
  }
}
