/**
 * Days as the server names them: "2026-11-21", of the user's calendar. They are
 * counted in UTC, where each has 24 hours, and never become a moment in any zone.
 */
export type Day = string

const length = 86_400_000

export const dayNumber = (day: Day): number => Math.round(Date.parse(`${day}T00:00:00Z`) / length)
export const dayAt = (number: number): Day => new Date(number * length).toISOString().slice(0, 10)
export const addDays = (day: Day, n: number): Day => dayAt(dayNumber(day) + n)
/** For Intl formats whose time zone is UTC. */
export const dateOf = (day: Day): Date => new Date(`${day}T00:00:00Z`)

/** 1 is Monday, 7 is Sunday. */
export const weekday = (number: number): number => ((((number + 3) % 7) + 7) % 7) + 1
export const weekStartOf = (number: number, first: number): number => number - ((weekday(number) - first + 7) % 7)
const monthOf = (number: number): Day => `${dayAt(number).slice(0, 7)}-01`

type WithWeek = Intl.Locale & { getWeekInfo?: () => { firstDay: number }; weekInfo?: { firstDay: number } }

// For browsers that don't tell: where weeks begin on Sunday, as far as our languages are spoken there.
const sundays = new Set(['US', 'CA', 'AU', 'IN', 'ZA', 'PH', 'SG', 'HK', 'TW', 'MO'])

/** The day on which weeks begin, 1 to 7: for the region that the browser speaks of, else the language's largest. */
export function firstWeekday(locale: string, spoken: readonly string[] = []): number {
  const language = new Intl.Locale(locale).language
  const tag = spoken.find((one) => one.includes('-') && one.split('-')[0] === language) ?? locale
  const known = new Intl.Locale(tag).maximize() as WithWeek
  return (known.getWeekInfo?.() ?? known.weekInfo)?.firstDay ?? (sundays.has(known.region ?? '') ? 7 : 1)
}

export interface Week {
  /** The number of its first day. */
  start: number
  /** Set where a month begins that has room for its name. */
  month?: Day
}

/** So many weeks, the last of them the one that `until` lies in; months are named where their first whole week is. */
export function calendarWeeks(until: Day, count: number, first: number): Week[] {
  const last = weekStartOf(dayNumber(until), first)
  const weeks: Week[] = []
  for (let n = count - 1; n >= 0; n--) {
    const start = last - 7 * n
    const month = monthOf(start + 6)
    // A name needs the width of three weeks.
    const named = month !== monthOf(start - 1) && n >= 2
    weeks.push(named ? { start, month } : { start })
  }
  return weeks
}

export type Unit = 'day' | 'week' | 'month'
export interface Span {
  from: Day
  to: Day
}

/** The days from one to another in parts of a unit; the first and the last part may be shorter than it. */
export function spans(from: Day, to: Day, unit: Unit, first = 1): Span[] {
  const list: Span[] = []
  const end = dayNumber(to)
  for (let at = dayNumber(from); at <= end; ) {
    const next = unit === 'day' ? at + 1 : unit === 'week' ? weekStartOf(at, first) + 7 : monthAfter(at)
    list.push({ from: dayAt(at), to: dayAt(Math.min(next - 1, end)) })
    at = next
  }
  return list
}

function monthAfter(number: number): number {
  const date = new Date(number * length)
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1) / length
}
