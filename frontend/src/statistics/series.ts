import type { AnswerDay, Bucket, Statistics } from '@/api/statistics'
import { addDays, dayNumber, spans, type Day, type Span, type Unit } from './days'

/** The ranges that a page can show, in days; `all` is ten years, more than anybody has. */
export const ranges = { month: 30, quarter: 90, year: 365, all: 3660 } as const
export type Range = keyof typeof ranges

/** What is asked of the server: a year serves three ranges, and the calendar. */
export const askedDays = (range: Range): number => (range === 'all' ? ranges.all : ranges.year)

export type Totals = Omit<AnswerDay, 'day'>
export const nothing: Totals = { answers: 0, new: 0, reviews: 0, again: 0, hard: 0, good: 0, easy: 0, millis: 0 }

export function sum(days: readonly Totals[]): Totals {
  const total = { ...nothing }
  for (const day of days) for (const key of Object.keys(nothing) as (keyof Totals)[]) total[key] += day[key]
  return total
}

/** The first day that a range shows: for `all` the first one with an answer, and at least a month. */
export function firstDay({ today, days }: Pick<Statistics, 'today' | 'days'>, range: Range): Day {
  const earliest = addDays(today, 1 - ranges[range])
  if (range !== 'all') return earliest
  const month = addDays(today, 1 - ranges.month)
  const first = days[0]?.day ?? month
  return first < month ? first : month
}

/** Bars stay wide enough to be told apart: by days up to three months, then by weeks, then by months. */
export const unitFor = (days: number): Unit => (days <= 92 ? 'day' : days <= 550 ? 'week' : 'month')

export interface Part extends Span {
  totals: Totals
}

/** What was answered from a day on, in parts. */
export function answersBy(days: readonly AnswerDay[], from: Day, to: Day, weekStart: number): Part[] {
  const parts = spans(from, to, unitFor(dayNumber(to) - dayNumber(from) + 1), weekStart)
  let next = days.findIndex((day) => day.day >= from)
  if (next < 0) next = days.length
  return parts.map(({ from, to }) => {
    const inside: AnswerDay[] = []
    while (next < days.length && days[next]!.day <= to) inside.push(days[next++]!)
    return { from, to, totals: sum(inside) }
  })
}

export interface DuePart extends Span {
  due: number
}

/** What falls due from today on, for so many days. */
export function dueBy({ today, forecast }: Pick<Statistics, 'today' | 'forecast'>, days: number, weekStart: number): DuePart[] {
  return spans(today, addDays(today, days - 1), unitFor(days), weekStart).map(({ from, to }) => ({ from, to, due: dueWithin(forecast.days, from, to) }))
}

export const dueWithin = (days: Statistics['forecast']['days'], from: Day, to: Day): number =>
  days.reduce((total, { day, due }) => (day >= from && day <= to ? total + due : total), 0)

/** The buckets up to the last that has cards, and at least so many; the last one says that there is nothing behind it. */
export function trimmed(buckets: readonly Bucket[], least = 6): Bucket[] {
  const last = buckets.findLastIndex(({ cards }) => cards > 0)
  return buckets.slice(0, Math.max(last + 1, least))
}

/** The number below which half of the cards lie, as a bucket; undefined without cards. */
export function median(buckets: readonly Bucket[]): Bucket | undefined {
  const half = buckets.reduce((total, { cards }) => total + cards, 0) / 2
  let seen = 0
  return half > 0 ? buckets.find(({ cards }) => (seen += cards) >= half) : undefined
}
