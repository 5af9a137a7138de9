import { useDocumentVisibility } from '@vueuse/core'
import { toValue, watch, type MaybeRefOrGetter } from 'vue'
import { useNotifications } from '@/stores/notification'
import { useRealtimeStore } from '@/stores/realtime'

/** While this lives, everything up to the newest shown counts as seen: the badge goes out on every device. */
export function useSeen(newest: MaybeRefOrGetter<string | undefined>): void {
  const notifications = useNotifications()
  const realtime = useRealtimeStore()
  const visibility = useDocumentVisibility()
  // What the server refused is not asked again until something newer is there.
  let refused = ''

  watch(
    // Getters all: a shallow ref among the sources would call back at every turn.
    [() => toValue(newest), () => visibility.value, () => realtime.counts.unseen > 0],
    ([up_to, visible, unseen]) => {
      if (!up_to || visible !== 'visible' || !unseen || refused === up_to) return
      notifications.mark({ up_to, seen: true }).catch(() => (refused = up_to))
    },
    { immediate: true },
  )
}
