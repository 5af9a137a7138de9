import { useDebounceFn } from '@vueuse/core'
import { onScopeDispose } from 'vue'

interface Stored<T> {
  values: T
  /** What was sent last without hearing how it went, and the key it was sent with. */
  sent?: { body: string; key: string }
}

/** Where the draft of a person for a deck is kept. */
export const draftName = (user: number | undefined, deck: number) => `aoki.draft.${user ?? 0}.${deck}`

/**
 * What is being written, kept in this tab: over a lost connection, another page
 * and a reload. The key of an attempt is kept along, so that saving the same
 * again after a reload makes nothing twice.
 */
export function useDraft<T>(name: string) {
  let stored = read()

  function read(): Stored<T> | null {
    try {
      return JSON.parse(sessionStorage.getItem(name) ?? 'null') as Stored<T> | null
    } catch {
      return null
    }
  }
  function write() {
    try {
      if (stored) sessionStorage.setItem(name, JSON.stringify(stored))
      else sessionStorage.removeItem(name)
    } catch {
      // no room or no right to store: the draft lives as long as the page
    }
  }

  let waiting = false
  const writeSoon = useDebounceFn(() => {
    if (waiting) write()
    waiting = false
  }, 300)
  onScopeDispose(() => waiting && write())

  return {
    restored: stored?.values,
    keep(values: T) {
      stored = { ...stored, values }
      waiting = true
      void writeSoon()
    },
    keyFor(body: string, key: string): string {
      const sent = stored?.sent?.body === body ? stored.sent : { body, key }
      if (stored) {
        stored = { ...stored, sent }
        write()
      }
      return sent.key
    },
    drop() {
      stored = null
      waiting = false
      write()
    },
  }
}
