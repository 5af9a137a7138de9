import { computed, watch } from 'vue'
import { useSession } from '@/stores/session'
import { useRealtimeStore } from '@/stores/realtime'

/**
 * Shows outside the page that something new is there: a dot on the tab's icon, the number on the app's icon where it is installed, and what
 * is handed back, which stands in front of the title: "(3) ".
 */
export function useBadge() {
  const session = useSession()
  const realtime = useRealtimeStore()
  const unseen = computed(() => (session.user ? realtime.counts.unseen : 0))

  watch(unseen, (now) => {
    document.querySelector('link[rel="icon"]')?.setAttribute('href', now > 0 ? '/favicon-new.svg' : '/favicon.svg')
    // Refused where the app is not installed, which is no matter.
    void (now > 0 ? navigator.setAppBadge?.(now) : navigator.clearAppBadge?.())?.catch(() => {})
  })
  return computed(() => (unseen.value > 99 ? '(99+) ' : unseen.value > 0 ? `(${unseen.value}) ` : ''))
}
