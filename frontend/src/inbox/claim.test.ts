import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createClaim, type TabEnvironment } from './claim'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

/** Tabs of one browser: channels that reach the others, and locks for all of them. */
function browser(withLocks: boolean) {
  const held = new Set<string>()
  const locks = {
    async request(name: string, _: object, run: (lock: object | null) => unknown) {
      if (held.has(name)) return run(null)
      held.add(name)
      await run({})
      held.delete(name)
    },
  } as unknown as LockManager
  const channels: { onmessage: ((event: { data: unknown }) => void) | null }[] = []
  return (state: 'focused' | 'visible' | 'hidden') => {
    const channel = { onmessage: null as never, postMessage: (data: unknown) => channels.forEach((other) => other !== channel && other.onmessage?.({ data })) }
    channels.push(channel)
    return createClaim({
      locks: withLocks ? locks : undefined,
      channel: channel as unknown as TabEnvironment['channel'],
      focused: () => state === 'focused',
      visible: () => state !== 'hidden',
    })
  }
}

describe.each([
  ['with locks', true],
  ['without locks', false],
])('what one tab is to tell, %s', (_, withLocks) => {
  it('goes to the tab in focus, whoever asks first', async () => {
    const tab = browser(withLocks)
    const claims = [tab('hidden')('a'), tab('visible')('a'), tab('focused')('a')]
    await vi.advanceTimersByTimeAsync(500)
    expect(await Promise.all(claims)).toEqual([false, false, true])
  })

  it('goes to one in sight when none has the focus', async () => {
    const tab = browser(withLocks)
    const claims = [tab('hidden')('a'), tab('visible')('a')]
    await vi.advanceTimersByTimeAsync(500)
    expect(await Promise.all(claims)).toEqual([false, true])
  })

  it('is not told again by a tab that slept', async () => {
    const tab = browser(withLocks)
    const [first, sleeper] = [tab('focused'), tab('visible')]
    expect(await first('a')).toBe(true)
    await vi.advanceTimersByTimeAsync(60_000)
    const late = sleeper('a')
    await vi.advanceTimersByTimeAsync(500)
    expect(await late).toBe(false)
  })

  it('is another thing each time', async () => {
    const claim = browser(withLocks)('focused')
    expect([await claim('a'), await claim('b'), await claim('a')]).toEqual([true, true, false])
  })
})

it('goes to one of two that are equally in sight, where there are locks', async () => {
  const tab = browser(true)
  const claims = [tab('visible')('a'), tab('visible')('a')]
  await vi.advanceTimersByTimeAsync(500)
  expect((await Promise.all(claims)).filter(Boolean)).toHaveLength(1)
})
