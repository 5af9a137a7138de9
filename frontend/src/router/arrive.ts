import { useQueryCache } from '@pinia/colada'
import type { RouteLocationRaw } from 'vue-router'
import { listDecks } from '@/api/deck'
import { applyToDecks, deckKeys, useDeckStore } from '@/stores/deck'

/** The site's own address leads to studying for who has cards, to the decks for who has none. What was read to know it is there for the page. */
export async function arrive(): Promise<true | RouteLocationRaw> {
  try {
    const decks = await useDeckStore().hearing(() => listDecks(), applyToDecks)
    useQueryCache().setQueryData(deckKeys.all, decks)
    return decks.some(({ counts }) => counts.total > 0) || { name: 'decks', replace: true }
  } catch {
    return true // the page says what is wrong, and offers to try again
  }
}
