import { describe, expect, it } from 'vitest'
import type { AnswerDay, Bucket } from '@/api/statistics'
import { addDays } from './days'
import { answersBy, askedDays, dueBy, firstDay, median, nothing, sum, trimmed, unitFor } from './series'

const today = '2026-11-21'
const day = (back: number, answers: number): AnswerDay => ({ ...nothing, day: addDays(today, -back), answers, good: answers, millis: answers * 1000 })
const bucket = (from: number, to: number | null, cards: number): Bucket => ({ from, to, cards })

describe('answersBy', () => {
  const days = [day(400, 9), day(364, 7), day(89, 5), day(30, 4), day(29, 3), day(1, 2), day(0, 1)]

  it.each([
    [30, 30, 6],
    [90, 90, 15],
    [365, 53, 22],
    [401, 58, 31],
  ])('of the last %i days are %i bars with all answers of these days', (reach, bars, answers) => {
    const parts = answersBy(days, addDays(today, 1 - reach), today, 1)
    expect(parts).toHaveLength(bars)
    expect(sum(parts.map(({ totals }) => totals)).answers).toBe(answers)
    expect(parts.at(-1)!.to).toBe(today)
  })

  it('leave days without answers empty, and look at nothing behind today', () => {
    const parts = answersBy(days, addDays(today, -2), addDays(today, -1), 1)
    expect(parts.map(({ totals }) => totals.answers)).toEqual([0, 2])
    expect(answersBy([], today, today, 1)).toEqual([{ from: today, to: today, totals: nothing }])
  })
})

describe('ranges', () => {
  it('ask the server for a year, and for all only when all is shown', () => {
    expect((['month', 'quarter', 'year', 'all'] as const).map(askedDays)).toEqual([365, 365, 365, 3660])
  })

  it('begin with the first answer when all is shown, but not within the last month', () => {
    expect(firstDay({ today, days: [day(200, 1)] }, 'all')).toBe(addDays(today, -200))
    expect(firstDay({ today, days: [day(3, 1)] }, 'all')).toBe(addDays(today, -29))
    expect(firstDay({ today, days: [] }, 'all')).toBe(addDays(today, -29))
    expect(firstDay({ today, days: [day(200, 1)] }, 'month')).toBe('2026-10-23')
  })

  it('have bars that can be told apart', () => expect([30, 90, 365, 3660].map(unitFor)).toEqual(['day', 'day', 'week', 'month']))
})

describe('dueBy', () => {
  const forecast = { overdue: 4, later: 9, days: [{ day: today, due: 3 }, { day: addDays(today, 1), due: 2 }, { day: addDays(today, 29), due: 1 }, { day: addDays(today, 30), due: 100 }] }

  it('has what falls due within its days, and neither what is overdue nor what comes later', () => {
    const parts = dueBy({ today, forecast }, 30, 1)
    expect(parts).toHaveLength(30)
    expect(parts[0]).toEqual({ from: today, to: today, due: 3 })
    expect(parts.reduce((total, { due }) => total + due, 0)).toBe(6)
    expect(dueBy({ today, forecast }, 365, 1).reduce((total, { due }) => total + due, 0)).toBe(106)
  })
})

describe('histograms', () => {
  const buckets = [bucket(0, 2, 1), bucket(2, 4, 0), bucket(4, 7, 3), bucket(7, 14, 1), bucket(14, null, 0)]

  it('end with the last bucket that has cards, but not too soon', () => {
    expect(trimmed(buckets, 2)).toHaveLength(4)
    expect(trimmed(buckets, 5)).toHaveLength(5)
    expect(trimmed(buckets.map((one) => ({ from: one.from, to: one.to, cards: 0 })), 3)).toHaveLength(3)
  })

  it('know where the middle card is, if there are any', () => {
    expect(median(buckets)).toEqual(buckets[2])
    expect(median([bucket(0, 1, 0)])).toBeUndefined()
    expect(median([bucket(0, 1, 0), bucket(1, null, 1)])?.from).toBe(1)
  })
})
