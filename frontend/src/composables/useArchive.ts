import { useI18n } from 'vue-i18n'
import type { Notification } from '@/api/notification'
import { useToasts } from '@/stores/toast'
import { useMark } from './useMark'

const undoTime = 6000

/** Archives an item, or brings it back, with Undo. What follows within 6 s is undone together. */
export function useArchive() {
  const { t } = useI18n()
  const toasts = useToasts()
  const mark = useMark()
  let group: { archived: boolean; ids: string[]; until: number } = { archived: true, ids: [], until: 0 }

  return async (item: Notification): Promise<void> => {
    const archived = item.archived_at === null
    const now = Date.now()
    if (group.archived !== archived || now > group.until) group = { archived, ids: [], until: 0 }
    const mine = group
    mine.until = now + undoTime
    mine.ids.push(item.id)
    if (!(await mark({ ids: [item.id], archived }))) {
      mine.ids = mine.ids.filter((id) => id !== item.id)
      return
    }
    const n = mine.ids.length
    toasts.show({
      title: archived ? t('inbox.archived', { n }, n) : t('inbox.unarchived', { n }, n),
      key: 'archive',
      duration: undoTime,
      action: {
        label: t('inbox.undo'),
        run() {
          const ids = mine.ids.splice(0)
          mine.until = 0
          if (ids.length > 0) void mark({ ids, archived: !archived })
        },
      },
    })
  }
}
