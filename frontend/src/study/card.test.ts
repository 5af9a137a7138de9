import { describe, expect, it } from 'vitest'
import { afterAnswer, changeOf, countsWith } from './card'
import { spanOf } from './span'
import { createClock, createStopwatch, longestAnswer } from './clock'
import { tallyOf } from './tally'
import { card, learning, review, start } from './testing'

describe('a card that was answered here', () => {
  it('comes back as a learning card after the interval that was promised', () => {
    expect(afterAnswer(card(1), 3, start)).toMatchObject({ state: 'learning', reps: 1, due_at: new Date(start + 600_000).toISOString(), intervals: {} })
    expect(afterAnswer(review(1), 1, start)).toMatchObject({ state: 'relearning', reps: 6, intervals: { again: 600 } })
  })

  it('does not when it is done for today, or when nobody here knows', () => {
    expect(afterAnswer(card(1), 4, start)).toBeNull()
    expect(afterAnswer(review(1), 2, start)).toBeNull()
    expect(afterAnswer({ ...card(1), intervals: { again: 60 } }, 3, start)).toBeNull()
    expect(afterAnswer({ ...card(1), intervals: { again: 60 } }, 1, start)).toMatchObject({ intervals: { again: 60 } })
  })

  it('moves the counts', () => {
    expect(changeOf(card(1), 3)).toEqual({ new: -1, learning: 1 })
    expect(changeOf(card(1), 4)).toEqual({ new: -1 })
    expect(changeOf(learning(1, 0), 1)).toEqual({ learning: 0 })
    expect(changeOf(learning(1, 0, { intervals: { again: 60, hard: 330, good: 3600, easy: 86_400 } }), 3)).toEqual({ learning: -1 })
    expect(changeOf(review(1), 1)).toEqual({ due: -1, learning: 1 })
    expect(countsWith({ new: 1, learning: 2, due: 3, total: 9 }, [{ new: -1, learning: 1 }, { due: -1 }, { new: -1 }])).toEqual({ new: 0, learning: 3, due: 2, total: 9 })
  })
})

describe('a length of time', () => {
  it.each([
    [0, 0, 'second'], [30, 30, 'second'], [59.6, 1, 'minute'], [60, 1, 'minute'], [330, 6, 'minute'], [600, 10, 'minute'], [3599, 1, 'hour'],
    [5400, 1.5, 'hour'], [86_399, 1, 'day'], [86_400, 1, 'day'], [345_600, 4, 'day'], [90 * 86_400, 90, 'day'], [163 * 86_400, 5.4, 'month'],
    [364 * 86_400, 1, 'year'], [498 * 86_400, 1.4, 'year'], [36_500 * 86_400, 99.9, 'year'], [-5, 0, 'second'],
  ])('%d s is %d %s', (seconds, n, unit) => {
    expect(spanOf(seconds)).toEqual({ n, unit })
  }) // prettier-ignore
})

describe('the clocks', () => {
  it('go by the server, however wrong this device is', () => {
    let local = 5_000
    const clock = createClock(() => local)
    clock.told('2026-05-01T12:00:00Z')
    local += 1500
    expect(clock.now()).toBe(start + 1500)
  })

  it('count the time before a card, without the time away, and ten minutes at most', () => {
    let at = 0
    const watch = createStopwatch(() => at)
    watch.restart()
    at += 2000
    watch.pause()
    at += 60_000
    watch.pause()
    watch.resume()
    at += 500
    watch.resume()
    expect(watch.read()).toBe(2500)
    at += 3_600_000
    expect(watch.read()).toBe(longestAnswer)
    watch.restart()
    expect(watch.read()).toBe(0)
  })
})

describe('the tally', () => {
  it('counts answers by rating, time, and new cards begun', () => {
    const step = (rating: 1 | 2 | 3 | 4, of = review(1)) => ({ kind: 'answer' as const, card: of, key: '', rating, ms: 1500 })
    const tally = tallyOf([step(3, card(1)), step(1), step(3), { kind: 'rest', card: card(4), what: 'buried' }, step(4)])
    expect(tally).toEqual({ answers: 4, of: [1, 0, 2, 1], ms: 6000, begun: 1 })
  })
})
