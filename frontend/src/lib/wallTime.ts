const minute = 60_000
const day = 24 * 60 * minute

/** What a zone's clocks are ahead of UTC at a moment, in milliseconds. */
function offsetAt(at: number, timeZone: string | undefined): number {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' }).formatToParts(at)
  const of = (type: string) => Number(parts.find((part) => part.type === type)?.value)
  return Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second')) - Math.floor(at / 1000) * 1000
}

/** The moment at which the clocks there show this hour, so many days from now. Where that hour is skipped, the one after it. */
export function atHour(now: number, timeZone: string | undefined, hour: number, daysAhead = 0): number {
  const local = now + offsetAt(now, timeZone)
  const goal = Math.floor(local / day) * day + daysAhead * day + hour * 60 * minute
  // The offset there and then may be another one: the clocks may change in between.
  const guess = goal - offsetAt(goal - offsetAt(now, timeZone), timeZone)
  return goal - offsetAt(guess, timeZone)
}

/** Whether the clocks of two zones agree, now and half a year from now. */
export function sameClock(one: string, other: string, now: number): boolean {
  return [now, now + 182 * day].every((at) => offsetAt(at, one) === offsetAt(at, other))
}
