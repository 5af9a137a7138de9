/** Days of the week as the server numbers them: 1 is Monday, 7 is Sunday. */
export type Weekday = 1 | 2 | 3 | 4 | 5 | 6 | 7

export const allDays: readonly Weekday[] = [1, 2, 3, 4, 5, 6, 7]

type WithWeek = Intl.Locale & { getWeekInfo?: () => { firstDay: number }; weekInfo?: { firstDay: number } }

/** All seven, beginning where a week begins for people of this language. */
export function week(locale: string): Weekday[] {
  const known = new Intl.Locale(locale) as WithWeek
  const first = (known.getWeekInfo?.() ?? known.weekInfo)?.firstDay ?? 1
  return allDays.map((_, i) => (((first - 1 + i) % 7) + 1) as Weekday)
}

// 2 January 2023 was a Monday.
const dateOf = (day: number) => new Date(Date.UTC(2023, 0, 1 + day))

export const dayName = (day: number, locale: string, weekday: 'short' | 'long' | 'narrow' = 'short'): string =>
  new Intl.DateTimeFormat(locale, { weekday, timeZone: 'UTC' }).format(dateOf(day))

/** "Tue, Thu", in the order of the week. */
export const dayNames = (days: readonly number[], locale: string): string =>
  new Intl.ListFormat(locale, { type: 'conjunction', style: 'narrow' }).format(week(locale).filter((day) => days.includes(day)).map((day) => dayName(day, locale))) // prettier-ignore

/** What people call these days as a whole, when they have a word for it. */
export function daysAs(days: readonly number[]): 'everyDay' | 'weekdays' | 'weekend' | null {
  const key = allDays.filter((day) => days.includes(day)).join('')
  return key === '1234567' ? 'everyDay' : key === '12345' ? 'weekdays' : key === '67' ? 'weekend' : null
}
