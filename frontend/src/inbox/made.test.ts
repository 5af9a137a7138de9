import createClient from 'openapi-fetch'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createMade } from './made'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

/** A tab with an API whose answers the test gives. */
function tab(channels: { onmessage: ((event: { data: unknown }) => void) | null }[] = []) {
  const answers: ((answer: Response | Error) => void)[] = []
  const client = createClient<Record<string, never>>({
    baseUrl: 'http://aoki.test',
    fetch: () => new Promise((resolve, reject) => answers.push((answer) => (answer instanceof Error ? reject(answer) : resolve(answer)))),
  })
  const channel = { onmessage: null as never, postMessage: (data: unknown) => channels.forEach((other) => other !== channel && other.onmessage?.({ data })) }
  channels.push(channel)
  const made = createMade(client, channel as unknown as BroadcastChannel)
  const create = (path = '/api/v1/decks/{id}/notes') => (client as unknown as { POST: (path: string, init: object) => Promise<unknown> }).POST(path, { params: { path: { id: 12 } }, body: {} })
  return { made, create, answers }
}
const answer = (note: number) => Response.json({ note: { id: note }, cards: [] }, { status: 201 })
const tick = (ms = 0) => vi.advanceTimersByTimeAsync(ms)

describe('notes', () => {
  it('that were made here are known, others are not', async () => {
    const { made, create, answers } = tab()
    const creating = create()
    await tick()
    answers[0]!(answer(7))
    await creating
    expect(await made.isOwn(7)).toBe(true)
    expect(await made.isOwn(8)).toBe(false)
  })

  it('are known to the other tabs of the browser', async () => {
    const channels: never[] = []
    const [here, there] = [tab(channels), tab(channels)]
    const creating = here.create()
    await tick()
    const asked = there.made.isOwn(7)
    here.answers[0]!(answer(7))
    await creating
    expect(await asked).toBe(true)
  })

  it('are waited for while the answer is on its way: the log may be faster', async () => {
    const { made, create, answers } = tab()
    const creating = create()
    await tick()
    const settled = vi.fn()
    const asked = made.isOwn(7).then((own) => (settled(), own))
    await tick(1000)
    expect(settled).not.toHaveBeenCalled()
    answers[0]!(answer(7))
    await creating
    expect(await asked).toBe(true)
  })

  it.each([
    ['is refused', () => Response.json({ code: 'forbidden' }, { status: 403 })],
    ['fails', () => new Error('network')],
  ])('are not waited for when the request %s', async (_, end) => {
    const { made, create, answers } = tab()
    const creating = create().catch(() => {})
    await tick()
    const asked = made.isOwn(7)
    answers[0]!(end())
    await creating
    expect(await asked).toBe(false)
  })

  it('are not waited for longer than 5 s: the tab that made them may be gone', async () => {
    const channels: never[] = []
    const [here, there] = [tab(channels), tab(channels)]
    void here.create()
    await tick()
    const asked = there.made.isOwn(7)
    await tick(5000)
    expect(await asked).toBe(false)
  })

  it('are not all that is created', async () => {
    const { made, create, answers } = tab()
    const creating = create('/api/v1/decks')
    await tick()
    expect(await made.isOwn(7)).toBe(false)
    answers[0]!(answer(7))
    await creating
    expect(await made.isOwn(7)).toBe(false)
  })
})
