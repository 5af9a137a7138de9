import { useQuery } from '@pinia/colada'
import { toValue, type MaybeRefOrGetter } from 'vue'
import { listMembers } from '@/api/member'
import { deckKeys } from '@/stores/deck'

/** Who has the deck, the owner first; read again whenever the log says that the deck changed. */
export function useMembers(deck: MaybeRefOrGetter<number>) {
  const query = useQuery(() => {
    const id = toValue(deck)
    return { key: deckKeys.members(id), query: ({ signal }) => listMembers(id, signal), staleTime: 30_000 }
  })
  return { members: query.data, error: query.error, loading: query.isLoading, reload: query.refetch }
}
