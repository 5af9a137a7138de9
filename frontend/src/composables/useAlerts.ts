import { onScopeDispose, watch } from 'vue'
import { useI18n } from 'vue-i18n'
import { useRouter } from 'vue-router'
import { http } from '@/api/http'
import type { Notification } from '@/api/notification'
import { createAlerts } from '@/inbox/alerts'
import { chime } from '@/inbox/chime'
import { createClaim } from '@/inbox/claim'
import { linkTarget } from '@/inbox/link'
import { createMade } from '@/inbox/made'
import { channels } from '@/inbox/preferences'
import { useNotifications } from '@/stores/notification'
import { usePreferences } from '@/stores/preference'
import { useRealtimeStore } from '@/stores/realtime'
import { useSession } from '@/stores/session'
import { useToasts } from '@/stores/toast'
import { useNotificationText } from './useNotificationText'
import { useOpenNotification } from './useOpenNotification'

/** Lets what is new in the inbox pop up as toasts, for as long as this lives. */
export function useAlerts(): void {
  const { t } = useI18n()
  const router = useRouter()
  const session = useSession()
  const realtime = useRealtimeStore()
  const notifications = useNotifications()
  const preferences = usePreferences()
  const toasts = useToasts()
  const text = useNotificationText()
  const open = useOpenNotification()

  const speak = (name: string) => (typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel(`aoki.${name}.${session.user?.id}`))
  const made = createMade(http, speak('made'))
  const isVisible = () => document.visibilityState === 'visible'

  const alerts = createAlerts({
    wants: (item) => channels(preferences.now, asData(item), new Date(), session.user?.time_zone),
    isOwn: async ({ kind, data }) => kind === 'deck.changed' && data !== null && 'note_id' in data && made.isOwn(data.note_id as number),
    isVisible,
    isCalm: () => router.currentRoute.value.meta.calm === true,
    isOnScreen: (item) => notifications.onScreen > 0 || (item.kind !== 'push' && lies(router.currentRoute.value.path, item.link)) || (item.kind === 'cards.due' && router.currentRoute.value.name === 'today'),
    claim: createClaim({ locks: navigator.locks, channel: speak('alerts'), focused: () => document.hasFocus(), visible: isVisible }),
    current: (id) => notifications.items.get(id),
    toast(item) {
      const { title, body, note } = text(item)
      return { key: `inbox ${item.id}`, title, body: body || note, action: { label: t(!linkTarget(item.link) ? 'inbox.openInbox' : item.kind === 'cards.due' ? 'inbox.study' : 'inbox.open'), run: () => open(item) } }
    },
    summary: (n, away) => ({
      title: away ? t('inbox.toast.away', { n }, n) : t('inbox.toast.many', { n }, n),
      action: { label: t('inbox.openInbox'), run: () => router.push({ name: 'inbox' }) },
    }),
    show: toasts.show,
    chime,
  })

  // Until the log has caught up, everything in it happened while nobody was looking.
  watch(() => realtime.connection.kind === 'live', (live) => alerts.setAway(!live), { immediate: true, flush: 'sync' })
  onScopeDispose(notifications.onAlert(alerts.offer))
  watch(() => [...notifications.items.values()], alerts.settle)
}

const asData = (item: Notification) => ({ kind: item.kind, data: (item.data ?? {}) as Record<string, unknown> })
const lies = (path: string, page: string) => page !== '' && (path === page || path.startsWith(`${page}/`))
