import { useQuery } from '@pinia/colada'
import { computed, shallowRef, watch, type Ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { useRoute, useRouter } from 'vue-router'
import { isApiError } from '@/api/error'
import { getNote, type Note } from '@/api/note'
import { deckKeys } from '@/stores/deck'
import { useToasts } from '@/stores/toast'

/**
 * The note that is open stands in the address, so that "back" closes it and a
 * link can lead to it. A note that is deleted while it is open turns null.
 */
export function useOpenNote(deck: () => number, notes: Readonly<Ref<Note[]>>) {
  const route = useRoute()
  const router = useRouter()
  const toasts = useToasts()
  const { t } = useI18n()
  const id = computed(() => (/^\d+$/.test(String(route.query.note)) ? Number(route.query.note) : null))

  const query = useQuery(() => {
    const note = id.value ?? 0
    return {
      key: deckKeys.note(deck(), note),
      enabled: id.value !== null,
      staleTime: 30_000,
      placeholderData: () => notes.value.find((one) => one.id === note),
      async query({ signal }): Promise<Note | null> {
        try {
          const found = await getNote(note, signal)
          return found.note.deck_id === deck() ? found.note : null
        } catch (error) {
          if (isApiError(error, 'not_found')) return null
          throw error
        }
      },
    }
  })

  const note = computed(() => (id.value === null ? undefined : query.data.value))
  const wasThere = shallowRef<number | null>(null)
  watch(note, (now) => {
    if (now) wasThere.value = now.id
    else if (now === null && wasThere.value !== id.value) {
      toasts.show({ title: t('notes.notThere') })
      close()
    }
  }, { immediate: true }) // prettier-ignore

  function close() {
    const rest = { ...route.query, note: undefined }
    // Back where it was opened from, when that was here: no page stands twice in the history.
    if (router.options.history.state.back === router.resolve({ query: rest }).fullPath) router.back()
    else void router.replace({ query: rest })
  }

  return {
    id,
    note,
    isOpen: computed(() => note.value !== undefined && wasThere.value === id.value),
    open: (one: Note) => router.push({ query: { ...route.query, note: String(one.id) } }),
    close,
  }
}
