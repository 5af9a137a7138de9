import { computed, shallowRef } from 'vue'
import { useI18n } from 'vue-i18n'
import { createSharedComposable, useIntervalFn } from '@vueuse/core'
import { useSession } from '@/stores/session'

const minute = 60_000
// One clock for all rows of all lists.
const useSharedNow = createSharedComposable(() => {
  const now = shallowRef(new Date())
  useIntervalFn(() => (now.value = new Date()), 30_000)
  return now
})
const steps: [limit: number, unit: Intl.RelativeTimeFormatUnit, length: number][] = [
  [60 * minute, 'minute', minute],
  [24 * 60 * minute, 'hour', 60 * minute],
  [7 * 24 * 60 * minute, 'day', 24 * 60 * minute],
]

/** The server may know a zone that this browser does not: then the browser's own serves. */
function knownZone(name: string | undefined): string | undefined {
  try {
    return name && new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone
  } catch {
    return undefined
  }
}

/** Numbers, dates and times in the language and the time zone of the user. Times are the server's strings or Dates. */
export function useFormat() {
  const { locale } = useI18n()
  const session = useSession()
  const now = useSharedNow()
  const zone = computed(() => knownZone(session.user?.time_zone))

  const formats = computed(() => {
    const make = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale.value, { timeZone: zone.value, ...options })
    return {
      number: new Intl.NumberFormat(locale.value),
      date: make({ dateStyle: 'medium' }),
      time: make({ timeStyle: 'short' }),
      both: make({ dateStyle: 'medium', timeStyle: 'short' }),
      weekday: make({ weekday: 'long', day: 'numeric', month: 'long' }),
      relative: new Intl.RelativeTimeFormat(locale.value, { numeric: 'auto' }),
      // Sorts and compares days: 2026-01-31, in the user's zone.
      day: new Intl.DateTimeFormat('en-CA', { timeZone: zone.value, year: 'numeric', month: '2-digit', day: '2-digit' }),
    }
  })

  const at = (time: string | Date) => new Date(time)

  /** "5 minutes ago", "yesterday"; older than a week the date. Moves on by itself. */
  function relative(time: string | Date): string {
    const ago = now.value.getTime() - at(time).getTime()
    if (ago < minute) return formats.value.relative.format(0, 'second')
    const step = steps.find(([limit]) => ago < limit)
    return step ? formats.value.relative.format(-Math.floor(ago / step[2]), step[1]) : formats.value.date.format(at(time))
  }

  /** The day as a key for grouping. */
  const dayKey = (time: string | Date) => formats.value.day.format(at(time))

  /** "today", "yesterday", else weekday and date. */
  function dayName(time: string | Date): string {
    const key = dayKey(time)
    for (const back of [0, 1]) {
      if (key === dayKey(new Date(now.value.getTime() - back * 24 * 60 * minute))) return formats.value.relative.format(-back, 'day')
    }
    return formats.value.weekday.format(at(time))
  }

  return {
    now,
    zone,
    number: (n: number) => formats.value.number.format(n),
    date: (time: string | Date) => formats.value.date.format(at(time)),
    time: (time: string | Date) => formats.value.time.format(at(time)),
    dateTime: (time: string | Date) => formats.value.both.format(at(time)),
    relative,
    dayKey,
    dayName,
  }
}
