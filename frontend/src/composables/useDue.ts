import { useI18n } from 'vue-i18n'
import type { Card } from '@/api/card'
import { useFormat } from './useFormat'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
// The hour at which a day of studying begins.
const rollover = 4 * hour

/** When a card is to be seen again, as people say it: minutes and hours while it is learnt, days afterwards. */
export function useDue() {
  const { locale } = useI18n()
  const { time, date, dayKey, now } = useFormat()
  const relative = () => new Intl.RelativeTimeFormat(locale.value, { numeric: 'auto' })
  const dayOf = (at: number) => Date.parse(dayKey(new Date(at - rollover))) / day

  /** "in 8 minutes"; after an hour the time of the day, and after today the day. */
  function soon(due: string): string {
    const [at, from] = [Date.parse(due), now.value.getTime()]
    if (at - from < minute) return relative().format(0, 'second')
    if (at - from < hour) return relative().format(Math.ceil((at - from) / minute), 'minute')
    return dayOf(at) === dayOf(from) ? time(due) : `${onDay(due)}, ${time(due)}`
  }

  /** "today", "tomorrow", "in 12 days", and what is further off as a date. */
  function onDay(due: string): string {
    const days = Math.max(0, dayOf(Date.parse(due)) - dayOf(now.value.getTime()))
    return days < 31 ? relative().format(days, 'day') : date(due)
  }

  /** When there is something to study again: at a time of this day, or on another day. */
  const next = (due: string): string => (dayOf(Date.parse(due)) === dayOf(now.value.getTime()) ? soon(due) : onDay(due))

  /** Null for a card that was never answered. */
  const dueOf = ({ state, due_at }: Pick<Card, 'state' | 'due_at'>): string | null => (due_at === null ? null : state === 'review' ? onDay(due_at) : soon(due_at))

  return { soon, next, dueOf }
}
