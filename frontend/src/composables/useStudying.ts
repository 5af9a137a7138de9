import { useEventListener } from '@vueuse/core'
import { onScopeDispose } from 'vue'
import { startStudying, stopStudying } from '@/api/review'

/** The server believes for a minute that somebody sits here. */
const often = 25_000

/**
 * Tells the server that this deck is being studied, so that its cards don't
 * ring meanwhile: when a card is shown or answered, never by a clock. Whoever
 * fell asleep over a card is called.
 */
export function useStudying(deck: number, now: () => number = Date.now) {
  let said: number | null = null
  let last: Promise<unknown> = Promise.resolve()

  function here() {
    if (said !== null && now() - said < often) return
    said = now()
    last = last.then(() => startStudying(deck)).catch(() => (said = null))
  }

  function gone(keepalive = false) {
    if (said === null) return
    said = null
    if (keepalive) void stopStudying(deck, true).catch(() => {})
    else last = last.then(() => stopStudying(deck)).catch(() => {})
  }

  useEventListener('pagehide', () => gone(true))
  onScopeDispose(() => gone())
  return { here, gone }
}
