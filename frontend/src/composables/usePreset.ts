import { useQuery, useQueryCache } from '@pinia/colada'
import { toValue, type MaybeRefOrGetter } from 'vue'
import { getPreset, updatePreset, type PresetUpdate } from '@/api/preset'
import { useRealtime } from './useRealtime'

/** How the caller studies a deck, kept live. */
export function usePreset(deck: MaybeRefOrGetter<number>) {
  const cache = useQueryCache()
  const key = (id: number) => ['decks', id, 'preset']
  const query = useQuery(() => {
    const id = toValue(deck)
    return { key: key(id), query: ({ signal }) => getPreset(id, signal), staleTime: 30_000, refetchOnWindowFocus: false }
  })
  useRealtime().on('preset.updated', ({ message }) => {
    if (message.deck_id === toValue(deck)) cache.setQueryData(key(message.deck_id), message.preset)
  })

  async function change(to: PresetUpdate) {
    const id = toValue(deck)
    const preset = await updatePreset(id, to)
    cache.setQueryData(key(id), preset)
    return preset
  }
  return { preset: query.data, error: query.error, loading: query.isLoading, reload: query.refetch, change }
}
