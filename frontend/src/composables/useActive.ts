import { ref, watch } from 'vue'

/** Which of a chart's parts is looked at: by the pointer, or by the arrow keys while the chart has the focus. -1 is none. */
export function useActive(count: () => number, step: Partial<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1 }) {
  const active = ref(-1)
  /** By keys: then it is read aloud. */
  const spoken = ref(false)

  function onKeydown(event: KeyboardEvent) {
    const last = count() - 1
    if (last < 0 || event.ctrlKey || event.metaKey || event.altKey) return
    const by = step[event.key]
    if (event.key === 'Escape') active.value = -1
    else if (event.key === 'Home') active.value = 0
    else if (event.key === 'End') active.value = last
    else if (by === undefined) return
    else active.value = active.value < 0 ? last : Math.min(last, Math.max(0, active.value + by))
    spoken.value = active.value >= 0
    event.preventDefault()
  }

  function point(index: number) {
    active.value = index
    spoken.value = false
  }

  watch(count, () => point(-1))

  return { active, spoken, point, leave: () => point(-1), onKeydown }
}
