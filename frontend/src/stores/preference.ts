import { acceptHMRUpdate, defineStore } from 'pinia'
import { computed, shallowRef, watch } from 'vue'
import type { Me } from '@/api/me'
import { useTheme } from '@/composables/useTheme'
import { isLocale, setLocale } from '@/i18n'
import { readPreferences, type Preferences } from '@/inbox/preferences'
import { useRealtimeStore } from './realtime'
import { useSession } from './session'

type Change = { [K in keyof Preferences]?: Preferences[K] | null }

/**
 * The person's own settings, which the server keeps for all their devices. A
 * change shows at once; when the server refuses it, it is taken back.
 */
export const usePreferences = defineStore('preferences', () => {
  const session = useSession()
  const { choice } = useTheme()
  // What was changed here and is not answered yet.
  const pending = shallowRef<Change>({})
  const now = computed(() => readPreferences({ ...session.user?.preferences, ...pending.value }))

  async function set(change: Change): Promise<void> {
    pending.value = { ...pending.value, ...change }
    const mine = pending.value
    try {
      await session.update({ preferences: change as Record<string, unknown> })
    } finally {
      // A later change of the same key is still under way: it stays.
      const rest = { ...pending.value }
      for (const key of Object.keys(change) as (keyof Change)[]) if (rest[key] === mine[key]) delete rest[key]
      pending.value = rest
    }
  }

  // Another device, or another tab, changed the profile.
  useRealtimeStore().on('me.updated', ({ message }) => {
    const { user } = message as { user: Me }
    if (user.id === session.user?.id) session.user = user
  })
  watch(() => session.user?.locale, (locale) => isLocale(locale) && void setLocale(locale))

  // The theme lives in the browser, to be there before the first paint, and goes with the person.
  watch(() => now.value.theme, (theme) => theme && (choice.value = theme), { immediate: true })
  watch(choice, (theme) => {
    if (theme !== now.value.theme) set({ theme }).catch(() => {})
  })

  return { now, set }
})

if (import.meta.hot) import.meta.hot.accept(acceptHMRUpdate(usePreferences, import.meta.hot))
