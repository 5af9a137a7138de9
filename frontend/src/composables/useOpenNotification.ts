import { useRouter } from 'vue-router'
import type { Notification } from '@/api/notification'
import { linkTarget } from '@/inbox/link'
import { useNotifications } from '@/stores/notification'
import { useMark } from './useMark'

/** Opens what a notification speaks of, which reads it. Without a link it opens the inbox, where the whole of it stands. */
export function useOpenNotification() {
  const router = useRouter()
  const mark = useMark()
  const notifications = useNotifications()

  return (item: Notification): void => {
    const target = linkTarget(item.link)
    const unread = !(notifications.items.get(item.id) ?? item).read_at
    if (unread && target) void mark({ ids: [item.id], read: true })
    if (target && 'href' in target) window.open(target.href, '_blank', 'noopener')
    else void router.push(target?.to ?? { name: 'inbox' })
  }
}
