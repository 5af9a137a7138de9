import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ApiError } from '@/api/error'
import type { Reviewed } from '@/api/review'
import { createOutbox, type Deed } from './outbox'
import { card, countsOf, reviewed, start } from './testing'

const lost = () => new ApiError({ status: 0, code: 'network' })
const answerOf = (id: number, more: Partial<Extract<Deed, { kind: 'answer' }>> = {}): Deed => ({ kind: 'answer', key: `${id}:0`, card: id, deck: 1, rating: 3, ms: 1000, at: start, ...more })
const undoOf = (id: number, review?: number): Deed => ({ kind: 'undo', key: `${id}:0`, card: id, deck: 1, review, at: start })

let now = start
const log: string[] = []
const failures: unknown[] = []
let reviews = 0

/** The server, as far as answers go: each key once. */
function open(more: Partial<Parameters<typeof createOutbox>[0]> = {}) {
  const fail = () => {
    const failure = failures.shift()
    if (failure) throw failure
  }
  return createOutbox({
    answer: async (deed, at): Promise<Reviewed> => {
      log.push(`send ${deed.key}${at ? ` of ${at}` : ''}`)
      fail()
      return reviewed(++reviews, card(deed.card), countsOf([]))
    },
    undo: async (review) => {
      log.push(`undo ${review}`)
      fail()
    },
    answered: ({ key }) => log.push(`answered ${key}`),
    undone: ({ key }) => log.push(`undone ${key}`),
    refused: ({ key }, { code }) => log.push(`refused ${key} ${code}`),
    changed: () => {},
    alone: (run) => run(),
    storage: localStorage,
    prefix: 'aoki.answers.7:',
    now: () => now,
    random: () => 0.5,
    ...more,
  })
}
const said = () => log.splice(0)
const pass = (ms = 0) => vi.advanceTimersByTimeAsync(ms)

beforeEach(() => {
  vi.useFakeTimers()
  localStorage.clear()
  now = start
  reviews = 0
  log.length = 0
  failures.length = 0
})
afterEach(() => vi.useRealTimers())

describe('the outbox', () => {
  it('sends in order, one after the other, and keeps nothing', async () => {
    const box = open()
    box.add(answerOf(1))
    box.add(answerOf(2))
    expect(localStorage.length).toBe(2)
    await pass()
    expect(said()).toEqual(['send 1:0', 'answered 1:0', 'send 2:0', 'answered 2:0'])
    expect(localStorage.length).toBe(0)
    expect(box.deeds).toEqual([])
  })

  it.each([lost(), new ApiError({ status: 503, code: 'unavailable' }), new ApiError({ status: 429, code: 'rate_limited' }), new DOMException('', 'TimeoutError')])(
    'tries again after %s, with the same key, and lets nothing overtake',
    async (failure) => {
      failures.push(failure, failure)
      const box = open()
      box.add(answerOf(1))
      box.add(answerOf(2))
      await pass()
      expect(said()).toEqual(['send 1:0'])
      expect(box.stuck).toBe(true)
      box.add(answerOf(3))
      await pass()
      expect(said()).toEqual([])
      await pass(10_000)
      expect(said()).toEqual(['send 1:0', 'send 1:0', 'answered 1:0', 'send 2:0', 'answered 2:0', 'send 3:0', 'answered 3:0'])
      expect(box.stuck).toBe(false)
    },
  )

  it('waits as long as the server says', async () => {
    failures.push(new ApiError({ status: 503, code: 'unavailable', retryAfter: 30 }))
    const box = open()
    box.add(answerOf(1))
    await pass(29_000)
    expect(said()).toEqual(['send 1:0'])
    await pass(1_000)
    expect(said()).toEqual(['send 1:0', 'answered 1:0'])
  })

  it('tells what the server does not take, and goes on', async () => {
    failures.push(new ApiError({ status: 409, code: 'suspended' }))
    const box = open()
    box.add(answerOf(1))
    box.add(answerOf(2))
    await pass()
    expect(said()).toEqual(['send 1:0', 'refused 1:0 suspended', 'send 2:0', 'answered 2:0'])
    expect(localStorage.length).toBe(0)
  })

  it('says when an answer was given, once it comes late, and not when it does not', async () => {
    failures.push(lost())
    const box = open()
    box.add(answerOf(1))
    await pass()
    now = start + 600_000
    await box.flush()
    expect(said()).toEqual(['send 1:0', 'send 1:0 of 2026-05-01T12:00:00.000Z', 'answered 1:0'])
    box.add(answerOf(2, { at: now }))
    await pass()
    expect(said()[0]).toBe('send 2:0')
  })

  it('lets an answer whose time the server does not believe count as given now', async () => {
    failures.push(lost(), new ApiError({ status: 422, code: 'validation_failed', fields: [{ field: 'answered_at', message: '' }] }))
    const box = open()
    box.add(answerOf(1))
    await pass()
    now = start + 600_000
    await box.flush()
    expect(said().slice(-2)).toEqual(['send 1:0', 'answered 1:0'])
  })

  it('goes on where another page stopped, in order, and leaves other people alone', async () => {
    failures.push(...Array.from({ length: 9 }, lost))
    const before = open()
    for (const id of [1, 2, 3]) before.add(answerOf(id))
    await pass(1000)
    before.stop()
    said()
    failures.length = 0
    localStorage.setItem('aoki.answers.8:000', JSON.stringify(answerOf(9)))
    localStorage.setItem('aoki.answers.7:000', 'no JSON')
    const box = open()
    await box.flush()
    expect(said().filter((line) => line.startsWith('answered'))).toEqual(['answered 1:0', 'answered 2:0', 'answered 3:0'])
    expect(localStorage.length).toBe(1)
  })

  it('sends nothing that another tab has sent', async () => {
    failures.push(lost())
    const box = open()
    box.add(answerOf(1))
    box.add(answerOf(2))
    await pass()
    said()
    localStorage.removeItem(Object.keys(localStorage).sort()[0]!)
    await box.flush()
    expect(said()).toEqual(['send 2:0', 'answered 2:0'])
  })

  it('sends without a place to keep, as long as the page lives', async () => {
    const full = { getItem: () => null, setItem: () => { throw new DOMException('', 'QuotaExceededError') }, removeItem() {}, key: () => null, length: 0 } // prettier-ignore
    const box = open({ storage: full })
    box.add(answerOf(1))
    await pass()
    expect(said()).toEqual(['send 1:0', 'answered 1:0'])
  })
})

describe('undoing', () => {
  it('takes out what was not sent, and only that', async () => {
    failures.push(lost())
    const box = open()
    box.add(answerOf(1))
    box.add(answerOf(2))
    expect(box.cancel('1:0')).toBe(false) // on its way
    expect(box.cancel('2:0')).toBe(true)
    expect(box.cancel('2:0')).toBe(false)
    await pass(5000)
    expect(said().filter((line) => line.includes('2:0'))).toEqual([])
  })

  it('waits for the answer that is on its way, across a reload too', async () => {
    let sent!: () => void
    const box = open({ answer: () => new Promise((_, fail) => (sent = () => fail(lost()))) })
    box.add(answerOf(1))
    box.add(undoOf(1))
    box.add(answerOf(1, { rating: 1 }))
    sent()
    await pass()
    box.stop()
    await open().flush()
    expect(said()).toEqual(['send 1:0', 'answered 1:0', 'undo 1', 'undone 1:0', 'send 1:0', 'answered 1:0'])
  })

  it('takes back the second answer to a card, not the first one that is on its way', async () => {
    failures.push(lost())
    const box = open()
    box.add(answerOf(1))
    box.add(undoOf(1))
    box.add(answerOf(1, { rating: 1 }))
    expect(box.cancel('1:0')).toBe(true)
    expect(box.deeds.map(({ kind }) => kind)).toEqual(['answer', 'undo'])
  })

  it('tells why not, and is content when it is gone already', async () => {
    failures.push(new ApiError({ status: 409, code: 'not_last_review' }), new ApiError({ status: 404, code: 'not_found' }))
    const box = open()
    box.add(undoOf(1, 5))
    box.add(undoOf(2, 6))
    await pass()
    expect(said()).toEqual(['undo 5', 'refused 1:0 not_last_review', 'undo 6', 'undone 2:0'])
  })

  it('does nothing for an answer that never came to be', async () => {
    failures.push(new ApiError({ status: 409, code: 'suspended' }))
    const box = open()
    box.add(answerOf(1))
    box.add(undoOf(1))
    await pass()
    expect(said()).toEqual(['send 1:0', 'refused 1:0 suspended', 'undone 1:0'])
  })
})
