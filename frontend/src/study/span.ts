const day = 86_400
const month = 30.4375 * day
const year = 365.25 * day

export type SpanUnit = 'second' | 'minute' | 'hour' | 'day' | 'month' | 'year'

const scales: [unit: SpanUnit, below: number, length: number, digits: number][] = [
  ['second', 60, 1, 0],
  ['minute', 60, 60, 0],
  ['hour', 24, 3600, 1],
  ['day', 91, day, 0],
  ['month', 12, month, 1],
  ['year', Infinity, year, 1],
]

/** A length of time as people say it: 330 s are 6 minutes, 500 days are 1.4 years. */
export function spanOf(seconds: number): { n: number; unit: SpanUnit } {
  for (const [unit, below, length, digits] of scales) {
    const n = Math.round((Math.max(0, seconds) / length) * 10 ** digits) / 10 ** digits
    if (n < below) return { n, unit }
  }
  return { n: 0, unit: 'second' }
}
