import { useQuery, useQueryCache } from '@pinia/colada'
import { computed, shallowRef, toValue, watch, type MaybeRefOrGetter } from 'vue'
import { listNotes } from '@/api/note'
import { append, type NoteList } from '@/lib/noteList'
import { applyToNotes, deckKeys, useDeckStore } from '@/stores/deck'
import { useRemovals } from '@/stores/removal'

const pageSize = 50
const largestPage = 200

/** The notes of a deck, newest first, searched for `q`: page by page, kept live. */
export function useNotes(deck: MaybeRefOrGetter<number>, q: MaybeRefOrGetter<string>) {
  const cache = useQueryCache()
  const store = useDeckStore()
  const removals = useRemovals()
  const key = () => deckKeys.notes(toValue(deck), toValue(q))
  const moreError = shallowRef<unknown>(null)
  const loadingMore = shallowRef(false)

  /** As much as was there before: loading again must not shorten what somebody is reading. */
  async function load(id: number, search: string, had: number, signal: AbortSignal): Promise<NoteList> {
    let list: NoteList = { items: [], next: null }
    do {
      const limit = Math.min(largestPage, Math.max(pageSize, had - list.items.length))
      list = append(list, await listNotes(id, { q: search || undefined, limit, after: list.next ?? undefined }, signal))
    } while (list.next && list.items.length < had)
    return list
  }

  const query = useQuery<NoteList>(() => {
    const id = toValue(deck)
    const search = toValue(q)
    return {
      key: deckKeys.notes(id, search),
      query: ({ signal, entry }) => {
        const had = (entry.state.value.data as NoteList | undefined)?.items.length ?? 0
        return store.hearing(
          () => load(id, search, had, signal),
          (list, change) => applyToNotes(list, change, search),
        )
      },
      // The last result stays in sight until the next one is here; another deck's never does.
      placeholderData: (last, entry) => (entry?.key[1] === id ? last : undefined),
      staleTime: 30_000,
      refetchOnWindowFocus: false, // the log brings what was missed
    }
  })

  watch(key, () => (moreError.value = null))

  async function more() {
    const at = key()
    const cursor = cache.getQueryData<NoteList>(at)?.next
    if (!cursor || loadingMore.value) return
    loadingMore.value = true
    moreError.value = null
    try {
      const search = toValue(q)
      const page = await store.hearing(
        () => listNotes(toValue(deck), { q: search || undefined, limit: pageSize, after: cursor }),
        (list, change) => applyToNotes(list, change, search),
      )
      const list = cache.getQueryData<NoteList>(at)
      // Loaded again in the meantime: this page belongs to a list that is gone.
      if (list?.next === cursor) cache.setQueryData(at, append(list, page))
    } catch (error) {
      moreError.value = error
    } finally {
      loadingMore.value = false
    }
  }

  return {
    notes: computed(() => (query.data.value?.items ?? []).filter((note) => !removals.isLeaving(`note:${note.id}`))),
    loaded: computed(() => query.data.value !== undefined),
    hasMore: computed(() => Boolean(query.data.value?.next)),
    error: query.error,
    loading: query.isLoading,
    loadingMore,
    moreError,
    reload: query.refetch,
    more,
  }
}
