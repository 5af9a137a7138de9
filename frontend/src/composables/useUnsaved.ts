import { useEventListener } from '@vueuse/core'
import { ref } from 'vue'
import { onBeforeRouteLeave, onBeforeRouteUpdate } from 'vue-router'

/**
 * Nobody loses what they wrote by a slip: as long as `dirty`, leaving asks
 * first. `asking` opens the question, `answer` settles it.
 */
export function useUnsaved(dirty: () => boolean) {
  const asking = ref(false)
  let settle: ((leave: boolean) => void) | undefined

  function answer(leave: boolean) {
    asking.value = false
    settle?.(leave)
    settle = undefined
  }
  function ask(): boolean | Promise<boolean> {
    if (!dirty()) return true
    settle?.(false)
    asking.value = true
    return new Promise((resolve) => (settle = resolve))
  }

  onBeforeRouteLeave(ask)
  onBeforeRouteUpdate(ask)
  useEventListener('beforeunload', (event) => dirty() && event.preventDefault())
  return { asking, answer }
}
