import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import { dateOf, firstWeekday, type Day, type Span } from '@/statistics/days'

const minute = 60_000

/** Numbers, durations and days of statistics, in the user's language. Days belong to no time zone here. */
export function useFigures() {
  const { t, locale } = useI18n()

  const formats = computed(() => {
    const make = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale.value, { timeZone: 'UTC', ...options })
    const unit = (name: string, digits = 0) => new Intl.NumberFormat(locale.value, { style: 'unit', unit: name, unitDisplay: 'short', maximumFractionDigits: digits })
    return {
      number: new Intl.NumberFormat(locale.value, { maximumFractionDigits: 1 }),
      compact: new Intl.NumberFormat(locale.value, { notation: 'compact', maximumFractionDigits: 1 }),
      percent: new Intl.NumberFormat(locale.value, { style: 'percent', maximumFractionDigits: 0 }),
      long: make({ dateStyle: 'full' }),
      medium: make({ dateStyle: 'medium' }),
      short: make({ day: 'numeric', month: 'short' }),
      month: make({ month: 'short' }),
      weekday: make({ weekday: 'short' }),
      hour: unit('hour'),
      minute: unit('minute'),
      second: unit('second'),
    }
  })

  const number = (n: number) => formats.value.number.format(n)

  /** "2 hr 5 min", "12 min", "40 sec". */
  function duration(millis: number): string {
    const { hour, minute: minutes, second } = formats.value
    if (millis < minute) return second.format(Math.round(millis / 1000))
    const all = Math.round(millis / minute)
    if (all < 60) return minutes.format(all)
    return all % 60 === 0 ? hour.format(all / 60) : `${hour.format(Math.floor(all / 60))} ${minutes.format(all % 60)}`
  }

  const weekStart = computed(() => firstWeekday(locale.value, navigator.languages))

  return {
    number,
    compact: (n: number) => formats.value.compact.format(n),
    percent: (n: number) => formats.value.percent.format(n / 100),
    duration,
    /** The larger unit alone, for axes. */
    shortDuration: (millis: number) => (millis > 0 && millis % (60 * minute) === 0 ? formats.value.hour : formats.value.minute).format(millis / (millis > 0 && millis % (60 * minute) === 0 ? 60 * minute : minute)),
    day: (day: Day) => formats.value.long.format(dateOf(day)),
    shortDay: (day: Day) => formats.value.short.format(dateOf(day)),
    month: (day: Day) => formats.value.month.format(dateOf(day)),
    weekday: (day: Day) => formats.value.weekday.format(dateOf(day)),
    /** A day, or the first and the last of several. */
    span: ({ from, to }: Span) => (from === to ? formats.value.long.format(dateOf(from)) : formats.value.medium.formatRange(dateOf(from), dateOf(to))),
    cards: (n: number) => t('statistics.cards', { n: number(n) }, n),
    answers: (n: number) => t('statistics.answers', { n: number(n) }, n),
    daysLong: (n: number) => t('statistics.days', { n: number(n) }, n),
    weekStart,
  }
}
