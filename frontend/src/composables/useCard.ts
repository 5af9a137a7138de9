import { useQuery, useQueryCache } from '@pinia/colada'
import { toValue, type MaybeRefOrGetter } from 'vue'
import { getCard, updateCard, type Card, type CardUpdate } from '@/api/card'
import { useRealtime } from './useRealtime'
import { useSave } from './useSave'

const cardKey = (id: number) => ['cards', id]

/** One card as the caller studies it, kept live; `change` suspends or flags it. */
export function useCard(card: MaybeRefOrGetter<number>) {
  const cache = useQueryCache()
  const save = useSave()
  const { on } = useRealtime()
  const query = useQuery(() => {
    const id = toValue(card)
    return { key: cardKey(id), query: ({ signal }) => getCard(id, signal), staleTime: 30_000 }
  })

  // What an answer makes of a card is more than the event tells.
  on('card.reviewed', ({ message }) => {
    if (message.card_id === toValue(card)) void query.refetch()
  })
  on('schedule.updated', ({ message: { card_id, suspended, buried, leech, flag } }) => {
    const known = cache.getQueryData<Card>(cardKey(card_id))
    if (known && card_id === toValue(card)) cache.setQueryData(cardKey(card_id), { ...known, suspended, buried, leech, flag })
  })

  const change = (to: CardUpdate) =>
    save(async () => {
      const changed = await updateCard(toValue(card), to)
      cache.setQueryData(cardKey(changed.id), changed)
    })

  return { card: query.data, error: query.error, loading: query.isLoading, reload: query.refetch, change }
}
