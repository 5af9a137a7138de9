import { useQuery } from '@pinia/colada'
import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import { listDecks, type Deck } from '@/api/deck'
import { applyToDecks, deckKeys, useDeckStore } from '@/stores/deck'
import { useRemovals } from '@/stores/removal'
import { useMinutes } from './useMinutes'

/** The user's decks by name, kept live. What is on its way out (and may still be undone) is not among them. */
export function useDecks() {
  const { locale } = useI18n()
  const store = useDeckStore()
  const removals = useRemovals()
  const query = useQuery({
    key: deckKeys.all,
    query: ({ signal }) => store.hearing(() => listDecks(signal), applyToDecks),
    staleTime: 30_000,
  })
  useMinutes()
  const decks = computed<Deck[]>(() => {
    const collator = new Intl.Collator(locale.value, { numeric: true })
    return (query.data.value ?? [])
      .filter((deck) => !removals.isLeaving(`deck:${deck.id}`))
      .sort((a, b) => collator.compare(a.name, b.name) || a.id - b.id)
  })
  return { decks, loaded: computed(() => query.data.value !== undefined), error: query.error, loading: query.isLoading, reload: query.refetch }
}
