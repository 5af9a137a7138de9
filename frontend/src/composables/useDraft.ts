import { useDebounceFn, useEventListener } from '@vueuse/core'
import { onScopeDispose } from 'vue'

/** Where the draft of a person for a deck is kept. */
export const draftName = (user: number | undefined, deck: number) => `aoki.draft.${user ?? 0}.${deck}`

/**
 * What is being written, kept in this tab: over a lost connection, another page
 * and a reload. `keep` writes a moment later, or at once when it matters.
 */
export function useDraft<T extends object>(name: string) {
  const restored = read()
  let draft: Partial<T> = restored
  let waiting = false
  let gone = false

  function read(): Partial<T> {
    try {
      return (JSON.parse(sessionStorage.getItem(name) ?? '{}') as Partial<T> | null) ?? {}
    } catch {
      return {}
    }
  }
  function write() {
    waiting = false
    try {
      const json = JSON.stringify(draft)
      if (json === '{}') sessionStorage.removeItem(name)
      else sessionStorage.setItem(name, json)
    } catch {
      // no room or no right to store: the draft lives as long as the page
    }
  }

  const writeSoon = useDebounceFn(() => waiting && write(), 300)
  onScopeDispose(() => {
    gone = true
    if (waiting) write()
  })
  useEventListener('pagehide', () => waiting && write())

  return {
    restored,
    /** Changes parts of the draft; undefined drops one. */
    keep(change: Partial<T>, now = false) {
      draft = { ...draft, ...change }
      waiting = true
      if (now || gone) write()
      else void writeSoon()
    },
  }
}
