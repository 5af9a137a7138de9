import { useI18n } from 'vue-i18n'
import { listNotifications, type Notification } from '@/api/notification'
import { place } from '@/inbox/mark'
import { useNotifications } from '@/stores/notification'
import { useRealtimeStore } from '@/stores/realtime'
import { useToasts } from '@/stores/toast'
import { useErrorText } from './useErrorText'
import { useMark } from './useMark'

const pageSize = 200

/**
 * Reads everything up to the newest one shown: what came after that has not
 * been looked at. With `only`, just those shown (a filter hides others). Says
 * how many, and can be undone.
 */
export function useMarkAllRead() {
  const { t } = useI18n()
  const notifications = useNotifications()
  const realtime = useRealtimeStore()
  const toasts = useToasts()
  const mark = useMark()
  const errorText = useErrorText()

  async function unreadUpTo(newest: Notification): Promise<string[]> {
    const isOlder = (item: Notification) => place(item.id) <= place(newest.id)
    const known = [...notifications.items.values()].filter((item) => !item.read_at && !item.archived_at)
    if (known.length >= realtime.counts.unread) return known.filter(isOlder).map((item) => item.id)
    // Undo needs the ids of those too that were never loaded.
    const ids = newest.read_at ? [] : [newest.id]
    for (let before: string | null = newest.id; before; ) {
      const page: Awaited<ReturnType<typeof listNotifications>> = await listNotifications('unread', before, pageSize)
      ids.push(...page.items.map((item) => item.id))
      before = page.next
    }
    return ids
  }

  return async (shown: Notification[], { only = false } = {}): Promise<void> => {
    const newest = shown[0]
    if (!newest) return
    try {
      const ids = only ? shown.filter((item) => !item.read_at).map((item) => item.id) : await unreadUpTo(newest)
      if (ids.length === 0) return
      if (!(await mark(only ? { ids, read: true } : { up_to: newest.id, read: true }))) return
      toasts.show({
        title: t('inbox.markedRead', { n: ids.length }, ids.length),
        key: 'mark',
        action: { label: t('inbox.undo'), run: () => mark({ ids, read: false }) },
      })
    } catch (error) {
      toasts.show({ tone: 'error', title: errorText(error), key: 'mark' })
    }
  }
}
