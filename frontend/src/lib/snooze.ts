import { atHour } from './wallTime'

export interface Snooze {
  key: 'minutes' | 'hour' | 'evening' | 'tomorrow'
  minutes: number
  /** The moment, of those that have one. */
  until?: Date
}

const minute = 60_000
const evening = 19
const morning = 8
// An evening that is nearly here is no choice beside an hour.
const ahead = 90

/** How long one may put off what calls, at this moment in this zone. */
export function snoozes(now: Date, timeZone: string | undefined): Snooze[] {
  const until = (at: number) => ({ minutes: Math.ceil((at - now.getTime()) / minute), until: new Date(at) })
  const tonight = until(atHour(now.getTime(), timeZone, evening))
  return [
    { key: 'minutes', minutes: 10 },
    { key: 'hour', minutes: 60 },
    ...(tonight.minutes > ahead ? [{ key: 'evening' as const, ...tonight }] : []),
    { key: 'tomorrow', ...until(atHour(now.getTime(), timeZone, morning, 1)) },
  ]
}
