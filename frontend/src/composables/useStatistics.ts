import { useQuery } from '@pinia/colada'
import { useDebounceFn, useDocumentVisibility } from '@vueuse/core'
import { ref, watch, type Ref } from 'vue'
import { getStatistics } from '@/api/statistics'
import { askedDays, type Range } from '@/statistics/series'
import { useRealtime } from './useRealtime'

// Answers come by the seconds while somebody studies elsewhere: the pictures follow, not chase them.
const calm = { wait: 1500, most: 6000 }

/** The figures of a deck, or of all when it is null. They follow what is answered on any device, while somebody looks. */
export function useStatistics(deck: Ref<number | null>, range: Ref<Range>) {
  const { on } = useRealtime()
  const visibility = useDocumentVisibility()
  const query = useQuery({
    key: () => ['statistics', deck.value ?? 0, askedDays(range.value)],
    query: ({ signal }) => getStatistics(deck.value, askedDays(range.value), signal),
    placeholderData: (before) => before,
    staleTime: 0,
  })

  const behind = ref(false)
  const follow = useDebounceFn(
    async () => {
      if (visibility.value !== 'visible') return
      behind.value = false
      await query.refetch()
    },
    calm.wait,
    { maxWait: calm.most },
  )
  const changed = (id: number) => {
    if (deck.value !== null && deck.value !== id) return
    behind.value = true
    void follow()
  }
  on(['card.reviewed', 'schedule.updated'], ({ message }) => changed(message.deck_id))
  on(['card.created', 'card.deleted', 'deck.deleted'], ({ message }) => changed(message.deck.id))
  watch(visibility, (now) => now === 'visible' && behind.value && void follow())

  return query
}
