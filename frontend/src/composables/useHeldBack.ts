import { useIntersectionObserver } from '@vueuse/core'
import { computed, reactive, ref, type Ref } from 'vue'
import type { Note } from '@/api/note'

/**
 * What arrives on top while somebody reads further down waits, so that nothing
 * jumps under their eyes. `top` is an element at the top of the list: once it is
 * in sight again, everything shows. What one added oneself never waits.
 */
export function useHeldBack(notes: Readonly<Ref<Note[]>>, top: Readonly<Ref<HTMLElement | null>>) {
  const newestSeen = ref(Infinity)
  const own = reactive(new Set<number>())

  useIntersectionObserver(top, ([entry]) => {
    const above = entry !== undefined && !entry.isIntersecting && entry.boundingClientRect.top < 0
    if (!above) newestSeen.value = Infinity
    else if (newestSeen.value === Infinity) newestSeen.value = Math.max(0, ...notes.value.map(({ id }) => id))
  })

  const isHeld = (note: Note) => note.id > newestSeen.value && !own.has(note.id)
  return {
    shown: computed(() => notes.value.filter((note) => !isHeld(note))),
    held: computed(() => notes.value.filter(isHeld).length),
    addOwn: (id: number) => void own.add(id),
    release: () => (newestSeen.value = Infinity),
  }
}
