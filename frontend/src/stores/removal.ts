import { acceptHMRUpdate, defineStore } from 'pinia'
import { reactive, watch } from 'vue'
import { isApiError, type ApiError } from '@/api/error'
import { t } from '@/i18n'
import { useSession } from './session'
import { useToasts } from './toast'

export interface Removal {
  /** What goes, once: "note:12". Lists leave it out while `isLeaving(key)`. */
  key: string
  /** "Deleted “hola”" */
  title: string
  /** Sends the DELETE; with `keepalive` it must outlive the page. */
  send: (keepalive: boolean) => Promise<void>
  /** Takes it out of the caches, once the server has. */
  done: () => void
  /** It stayed, for this reason. */
  failed: (error: unknown) => void
  duration?: number
}

/**
 * Deletes with a way back: what is removed leaves the screen at once and the
 * server a few seconds later, when its toast (with Undo) has gone. Until then
 * nothing has happened, so undoing can't fail and loses nothing. A page that is
 * closed, or signed out of, sends what is due as it goes.
 */
export const useRemovals = defineStore('removals', () => {
  const toasts = useToasts()
  const leaving = reactive(new Set<string>())
  const waiting = new Map<string, Removal>()

  function remove(removal: Removal) {
    const { key } = removal
    leaving.add(key)
    waiting.set(key, removal)
    toasts.show({
      key,
      title: removal.title,
      duration: removal.duration,
      action: { label: t('common.undo'), run: () => undo(key) },
    })
  }

  function undo(key: string) {
    // Too late only when the request is already on its way.
    if (waiting.delete(key)) leaving.delete(key)
  }

  async function commit(removal: Removal, keepalive = false) {
    waiting.delete(removal.key)
    try {
      await removal.send(keepalive)
      removal.done()
    } catch (error) {
      if (isApiError(error, 'not_found')) removal.done()
      else removal.failed(error as ApiError)
    } finally {
      leaving.delete(removal.key)
    }
  }

  /** Sends all that is still waiting. */
  const flush = (keepalive = false) => Promise.all([...waiting.values()].map((removal) => commit(removal, keepalive)))

  // The toast is the clock: it stops under the mouse and ends with Esc, and the removal with it.
  // A press on Undo dismisses the toast first and runs afterwards, so this looks a moment later.
  watch(
    () => toasts.toasts,
    (shown) => {
      for (const removal of waiting.values()) if (!shown.some(({ key }) => key === removal.key)) void commit(removal)
    },
    { flush: 'post' },
  )
  addEventListener('pagehide', () => void flush(true))
  useSession().$onAction(({ name }) => name === 'signOut' && void flush(true))

  return { isLeaving: (key: string) => leaving.has(key), remove, undo, flush }
})

if (import.meta.hot) import.meta.hot.accept(acceptHMRUpdate(useRemovals, import.meta.hot))
