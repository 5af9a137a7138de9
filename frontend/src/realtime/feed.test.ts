import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Schema } from '@/api/http'
import type { Position } from './events'
import { entry, settle } from './fakes'
import { createFeed } from './feed'

type Page = Schema<'EventPage'>
const page = (seqs: number[], head = seqs.at(-1) ?? 0, epoch = 'e1') => ({ epoch, head, events: seqs.map((seq) => entry(seq)), reset: null }) as unknown as Page

function start(...answers: (Page | Error | Promise<Page>)[]) {
  const seen: number[] = []
  const resets: Position[] = []
  const fetch = vi.fn<(from: Position) => Promise<Page>>(async () => {
    const answer = answers.shift()
    if (answer instanceof Error || !answer) throw answer ?? new Error('nothing more')
    return answer
  })
  const feed = createFeed({ start: { epoch: 'e1', seq: 10 }, fetch, deliver: (event) => seen.push(event.seq), reset: (to) => resets.push(to), random: () => 0 })
  return { feed, seen, resets, fetch }
}

beforeEach(() => {
  vi.useFakeTimers()
})

describe('a feed', () => {
  it('fetches what is missing, page by page, in order and once', async () => {
    const t = start(page([11, 12], 14), page([13, 14]))
    expect(t.feed.push('e1', entry(14))).toBe('gap')
    t.feed.catchUp({ epoch: 'e1', seq: 14 })
    await settle()
    expect(t.seen).toEqual([11, 12, 13, 14])
    expect(t.fetch.mock.calls.map(([from]) => from.seq)).toEqual([10, 12])
    expect(t.feed.push('e1', entry(15))).toBe('next')
  })

  it('takes events that arrive meanwhile with the same fetch', async () => {
    let answer: (page: Page) => void = () => {}
    const t = start(new Promise<Page>((resolve) => (answer = resolve)), page([14]))
    t.feed.catchUp({ epoch: 'e1', seq: 13 })
    t.feed.catchUp({ epoch: 'e1', seq: 14 })
    answer(page([11, 12, 13]))
    await settle()
    expect(t.seen).toEqual([11, 12, 13, 14])
    expect(t.fetch).toHaveBeenCalledTimes(2)
  })

  it('does not ask for what it has', () => {
    const t = start()
    t.feed.catchUp({ epoch: 'e1', seq: 10 })
    expect(t.fetch).not.toHaveBeenCalled()
  })

  it('tries again after a failure', async () => {
    const t = start(new Error('away'), new Error('away'), page([11]))
    t.feed.catchUp({ epoch: 'e1', seq: 11 })
    await settle()
    expect(t.seen).toEqual([])
    await vi.advanceTimersByTimeAsync(1000)
    expect(t.seen).toEqual([11])
  })

  it('starts over when the server can not serve its cursor', async () => {
    const t = start({ epoch: 'e1', head: 900, events: [], reset: { epoch: 'e1', head: 900, reason: 'trimmed' } })
    t.feed.catchUp({ epoch: 'e1', seq: 900 })
    await settle()
    expect(t.resets).toEqual([{ epoch: 'e1', seq: 900 }])
    expect(t.feed.push('e1', entry(901))).toBe('next')
  })

  it('takes no event of another epoch, and starts over there', async () => {
    const t = start(page([], 3, 'e2'))
    expect(t.feed.push('e2', entry(11))).toBe('gap')
    t.feed.catchUp({ epoch: 'e2', seq: 3 })
    await settle()
    expect(t.seen).toEqual([])
    expect(t.resets).toEqual([{ epoch: 'e2', seq: 3 }])
  })

  it('leaves the field when another source takes over', async () => {
    let answer: (page: Page) => void = () => {}
    const t = start(new Promise<Page>((resolve) => (answer = resolve)))
    t.feed.catchUp({ epoch: 'e1', seq: 12 })
    t.feed.stopCatchingUp()
    t.feed.push('e1', entry(11))
    answer(page([11, 12]))
    await settle()
    expect(t.seen).toEqual([11])
  })
})
