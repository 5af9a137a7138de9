import { useEventListener } from '@vueuse/core'
import { usePreferences } from '@/stores/preference'

const writing = 'input, textarea, select, [contenteditable=""], [contenteditable="true"]'
const pressed = 'a[href], button, summary, audio, video, [role="button"]'
const over = '[role="dialog"], [role="alertdialog"], [role="menu"], [role="listbox"]'

/**
 * Single keys as commands, while this lives: `{ j: next, '?': help }`. They rest
 * while somebody writes, while something lies over the page, and for whoever has
 * turned them off (WCAG 2.1.4). A key held down runs its command once. Space and
 * Enter belong to the button or link that has the focus, if one has.
 */
export function useShortcuts(keys: Record<string, (event: KeyboardEvent) => void>): void {
  const preferences = usePreferences()

  useEventListener('keydown', (event) => {
    const run = Object.hasOwn(keys, event.key) ? keys[event.key] : undefined
    if (!run || !preferences.now.shortcuts || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
    const at = event.target instanceof Element ? event.target : null
    if (at?.closest(writing) || at?.closest(over) || document.querySelector('[aria-modal="true"], [role="dialog"][data-state="open"], [role="alertdialog"]')) return
    if ((event.key === ' ' || event.key === 'Enter') && at?.closest(pressed)) return
    event.preventDefault()
    if (!event.repeat || event.key === 'j' || event.key === 'k') run(event)
  })
}
