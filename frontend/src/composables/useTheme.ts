import { createGlobalState, useColorMode } from '@vueuse/core'
import { computed, watchEffect } from 'vue'

export type Theme = 'auto' | 'light' | 'dark'

/** The theme of this browser: `choice` is what was chosen, `dark` what is shown. theme.js does the same before the first paint. */
export const useTheme = createGlobalState(() => {
  // The library's way to switch without transitions injects a style, which our content policy forbids.
  const mode = useColorMode({ storageKey: 'aoki.theme', disableTransition: false })
  const choice = computed<Theme>({ get: () => mode.store.value as Theme, set: (theme) => (mode.store.value = theme) })
  const dark = computed(() => mode.state.value === 'dark')
  watchEffect(() => {
    void dark.value
    const paper = getComputedStyle(document.documentElement).getPropertyValue('--paper').trim()
    document.querySelector('meta[name="theme-color"]')?.setAttribute('content', paper)
  }, { flush: 'post' })
  return { choice, dark }
})
