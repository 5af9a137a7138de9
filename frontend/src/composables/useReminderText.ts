import { useI18n } from 'vue-i18n'
import type { Reminder } from '@/api/reminder'
import { dayNames, daysAs } from '@/lib/weekdays'
import { useDue } from './useDue'

/** A reminder in words. */
export function useReminderText() {
  const { t, locale } = useI18n()
  const { soon } = useDue()

  /** The time of the day as people of this language write it. */
  function timeOf({ at }: Pick<Reminder, 'at'>): string {
    const [hour = 0, minute = 0] = at.split(':').map(Number)
    return new Intl.DateTimeFormat(locale.value, { timeStyle: 'short', timeZone: 'UTC' }).format(Date.UTC(2026, 0, 1, hour, minute))
  }

  function daysOf({ days }: Pick<Reminder, 'days'>): string {
    const word = daysAs(days)
    if (word) return t(`schedule.reminder.${word}`)
    return dayNames(days, locale.value)
  }

  /** "Monday to Friday · from 10 cards · unless studied · next tomorrow, 08:00" */
  function conditions(reminder: Reminder): string {
    const { threshold, unless_studied, enabled, next_at } = reminder
    return [
      daysOf(reminder),
      threshold > 1 ? t('schedule.reminder.from', { n: threshold }, threshold) : '',
      unless_studied ? t('schedule.reminder.unless') : '',
      enabled && next_at ? t('schedule.reminder.next', { when: soon(next_at) }) : '',
    ].filter(Boolean).join(' · ') // prettier-ignore
  }

  return { timeOf, conditions }
}
