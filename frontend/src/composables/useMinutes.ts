import { useQueryCache } from '@pinia/colada'
import { createSharedComposable, useIntervalFn } from '@vueuse/core'
import { deckKeys } from '@/stores/deck'

const minute = 60_000

/**
 * Time alone makes cards due, and at four in the morning a whole day of them. So
 * while somebody looks at counts they are read again each minute: once, however
 * many parts of the page show them. Who comes back to a page that lay hidden has
 * them at once.
 */
export const useMinutes = createSharedComposable(() => {
  const cache = useQueryCache()
  useIntervalFn(() => {
    if (document.visibilityState === 'visible') void cache.invalidateQueries({ key: deckKeys.all, exact: true })
  }, minute)
})
