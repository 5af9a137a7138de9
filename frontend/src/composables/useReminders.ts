import { useQuery, useQueryCache } from '@pinia/colada'
import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import { createReminder, deleteReminder, listReminders, updateReminder, type Reminder, type ReminderInput, type ReminderUpdate } from '@/api/reminder'
import { useRemovals } from '@/stores/removal'
import { useToasts } from '@/stores/toast'
import { useErrorText } from './useErrorText'
import { useRealtime } from './useRealtime'
import { useSave } from './useSave'

const key = ['reminders']

/** All reminders of the caller, kept live, and what can be done with them. What is on its way out is not among them. */
export function useReminders() {
  const { t } = useI18n()
  const cache = useQueryCache()
  const removals = useRemovals()
  const toasts = useToasts()
  const errorText = useErrorText()
  const save = useSave()
  // What the log said while an answer was on its way: that may be older.
  let said: Reminder[] | undefined
  const query = useQuery({
    key,
    async query({ signal }) {
      said = undefined
      const items = await listReminders(signal)
      return said ?? items
    },
    staleTime: 30_000,
  })
  useRealtime().on('reminders.updated', ({ message }) => {
    said = message.items
    put(message.items)
  })

  const put = (items: Reminder[]) => cache.setQueryData(key, items)
  const now = () => cache.getQueryData<Reminder[]>(key) ?? []
  const taken = (reminder: Reminder) => put(now().some(({ id }) => id === reminder.id) ? now().map((old) => (old.id === reminder.id ? reminder : old)) : [...now(), reminder])

  /** Shows the change at once; where the server refuses it, it is taken back and said. */
  async function change(reminder: Reminder, to: ReminderUpdate): Promise<boolean> {
    taken({ ...reminder, ...to })
    const done = await save(async () => taken(await updateReminder(reminder.id, to)))
    if (!done && now().some(({ id }) => id === reminder.id)) taken(reminder)
    return done
  }

  const remove = (reminder: Reminder) =>
    removals.remove({
      key: `reminder:${reminder.id}`,
      title: t('schedule.reminder.deleted'),
      send: (keepalive) => deleteReminder(reminder.id, keepalive),
      done: () => put(now().filter(({ id }) => id !== reminder.id)),
      failed: (error) => toasts.show({ tone: 'error', title: t('schedule.reminder.notDeleted'), body: errorText(error) }),
    })

  return {
    reminders: computed(() => (query.data.value ?? []).filter(({ id }) => !removals.isLeaving(`reminder:${id}`))),
    loaded: computed(() => query.data.value !== undefined),
    error: query.error,
    loading: query.isLoading,
    reload: query.refetch,
    change,
    remove,
    create: async (body: ReminderInput, word: string) => {
      const made = await createReminder(body, word)
      taken(made)
      return made
    },
    update: async (id: number, body: ReminderUpdate) => {
      const changed = await updateReminder(id, body)
      taken(changed)
      return changed
    },
  }
}
