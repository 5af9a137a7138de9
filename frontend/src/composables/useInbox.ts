import { computed, reactive, ref, shallowRef, watch, type Ref } from 'vue'
import type { Notification, NotificationFilter } from '@/api/notification'
import { place } from '@/inbox/mark'
import { deckOf } from '@/inbox/preferences'
import { useNotifications } from '@/stores/notification'

/**
 * One list of the inbox as it is shown. What comes while somebody looks waits
 * behind a pill (`fresh`) instead of moving the list; what is read in "unread"
 * stays until the list is opened anew.
 */
export function useInbox(tab: Ref<NotificationFilter>) {
  const store = useNotifications()
  const kind = ref('')
  const deck = ref(0)
  const list = computed(() => store.lists[tab.value])
  // The newest place that is shown; above it is what has come since.
  const top = shallowRef(Infinity)
  const kept = reactive(new Set<string>())

  const all = computed(() => store.list(tab.value, kept))
  const known = computed(() => all.value.filter((item) => place(item.id) <= top.value))
  const fits = (item: Notification) => (!kind.value || item.kind === kind.value) && (!deck.value || deckAt(item)?.id === deck.value)
  const items = computed(() => known.value.filter(fits))
  const fresh = computed(() => all.value.filter((item) => place(item.id) > top.value && fits(item)).length)
  const filtered = computed(() => kind.value !== '' || deck.value !== 0)

  /** The decks that the items speak of, by their newest name. */
  const decks = computed(() => {
    const names = new Map<number, string>()
    for (const item of all.value) {
      const found = deckAt(item)
      if (found && !names.has(found.id)) names.set(found.id, found.name)
    }
    return [...names].map(([id, name]) => ({ id, name }))
  })

  /** Shows what has come meanwhile. */
  function showFresh() {
    top.value = all.value[0] ? place(all.value[0].id) : 0
  }

  // The first page draws the line; without a list there is none.
  function open() {
    kept.clear()
    top.value = Infinity
    if (list.value.loaded) showFresh()
    else void store.load(tab.value)
  }

  watch(tab, open, { immediate: true })
  watch(() => list.value.loaded, open, { flush: 'sync' })
  // Into an empty list the new may come at once.
  watch(() => known.value.length === 0 && all.value.length > 0, (waiting) => waiting && showFresh(), { flush: 'sync' })
  watch(known, (shown) => {
    if (tab.value === 'unread') for (const item of shown) kept.add(item.id)
  }, { immediate: true })
  watch(decks, (now) => {
    if (deck.value && !now.some(({ id }) => id === deck.value)) deck.value = 0
  })

  return {
    list,
    items,
    fresh,
    decks,
    kind,
    deck,
    filtered,
    newest: computed(() => known.value[0]?.id),
    showFresh,
    more: () => store.more(tab.value),
    retry: () => store.more(tab.value),
  }
}

const deckAt = (item: Notification) => deckOf({ kind: item.kind, data: (item.data ?? {}) as Record<string, unknown> })
