import { acceptHMRUpdate, defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import { listEvents, logHead } from '@/api/event'
import { renew } from '@/api/http'
import { browser } from '@/realtime/browser'
import { createRealtime } from '@/realtime/client'
import type { Connection, Counts, LiveFrame, LogEvent, LogName } from '@/realtime/events'
import type { Head } from './session'

type Listener = (event: never) => void

/**
 * The live half of the app. Pages hear the log through `on`, each event once
 * and in order; after `onReset` they load their lists again. The counts are the
 * last ones the server said.
 */
export const useRealtimeStore = defineStore('realtime', () => {
  const connection = shallowRef<Connection>({ kind: 'connecting' })
  const counts = shallowRef<Counts>({ unread: 0, unseen: 0 })
  const otherUser = ref(false)
  const listeners = new Map<string, Set<Listener>>()
  const resets = new Set<() => void>()
  let client: ReturnType<typeof createRealtime> | null = null

  /** Follows the log of this user from `head` on: where it stood before any list was loaded. */
  function start(user: number, head: Head) {
    stop()
    counts.value = { unread: head.unread, unseen: head.unseen }
    client = createRealtime({
      user,
      start: { epoch: head.epoch, seq: head.seq },
      fetch: ({ epoch, seq }) => listEvents(epoch, seq),
      renew,
      onConnection: (next) => (connection.value = next),
      onEvent: hand,
      onLive: hand,
      onReset: startOver,
      onOtherUser: () => (otherUser.value = true),
      env: browser(),
    })
  }

  function hand(event: LogEvent | LiveFrame) {
    if (event.counts) counts.value = event.counts
    for (const listener of listeners.get(event.name) ?? []) guard(() => listener(event as never))
  }

  async function startOver() {
    for (const reset of resets) guard(reset)
    const before = counts.value
    const head = await logHead().catch(() => null)
    // A frame that came meanwhile is newer than this answer.
    if (head && counts.value === before) counts.value = { unread: head.unread, unseen: head.unseen }
  }

  /** Hears one kind of event; hands back its undo. In components use useRealtime, which undoes by itself. */
  function on<N extends LogName>(name: N, listener: (event: LogEvent<N>) => void): () => void
  function on(name: string, listener: (event: LiveFrame) => void): () => void
  function on(name: string, listener: Listener): () => void {
    const set = listeners.get(name) ?? new Set()
    listeners.set(name, set.add(listener))
    return () => set.delete(listener)
  }

  function onReset(callback: () => void): () => void {
    resets.add(callback)
    return () => resets.delete(callback)
  }

  /** The counts that an HTTP answer brought along. */
  function setCounts(next: Counts) {
    counts.value = { unread: next.unread, unseen: next.unseen }
  }

  function stop() {
    client?.stop()
    client = null
  }

  return { connection, counts, otherUser, start, stop, on, onReset, setCounts, now: () => client?.now() }
})

/** One listener that throws must not keep an event from the others. */
function guard(run: () => void) {
  try {
    run()
  } catch (error) {
    reportError(error)
  }
}

if (import.meta.hot) import.meta.hot.accept(acceptHMRUpdate(useRealtimeStore, import.meta.hot))
