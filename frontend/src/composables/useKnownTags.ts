import { ref, toValue, watch, type MaybeRefOrGetter } from 'vue'
import type { Note } from '@/api/note'

/**
 * The tags of a deck as far as its notes have been seen: the most used first,
 * and what turns up later behind them, so that none moves under the finger.
 */
export function useKnownTags(deck: MaybeRefOrGetter<number>, notes: MaybeRefOrGetter<Note[]>) {
  const tags = ref<string[]>([])

  function learn() {
    const times = new Map<string, number>()
    for (const note of toValue(notes)) for (const tag of note.tags) times.set(tag, (times.get(tag) ?? 0) + 1)
    const fresh = [...times].filter(([tag]) => !tags.value.includes(tag))
    if (fresh.length > 0) tags.value = [...tags.value, ...fresh.sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0])).map(([tag]) => tag)]
  }
  watch(() => toValue(deck), () => (tags.value = []))
  watch(() => toValue(notes), learn, { immediate: true })
  return tags
}
