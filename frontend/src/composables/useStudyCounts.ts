import { computed, shallowRef } from 'vue'
import type { DeckCounts } from '@/api/review'
import { countsWith, type Bucket } from '@/study/card'

type Change = Partial<Record<Bucket, number>>

/**
 * The counts of the deck: what the server said last, and what it has not heard
 * of yet. A change goes by the key of its answer; "undo " before it takes it away.
 */
export function useStudyCounts() {
  const told = shallowRef<DeckCounts>({ new: 0, learning: 0, due: 0, total: 0 })
  const changes = shallowRef(new Map<string, Change>())
  let times = 0

  function set(counts: DeckCounts) {
    told.value = counts
    times++
  }

  function expect(key: string, change: Change) {
    changes.value = new Map(changes.value).set(key, change)
  }

  /** The server's counts have it now, or never will. Tells whether it was still expected. */
  function settle(...keys: string[]): boolean {
    const next = new Map(changes.value)
    const was = keys.map((key) => next.delete(key)).includes(true)
    if (was) changes.value = next
    return was
  }

  /** It has come true, and nobody says the counts: they are what was expected. */
  function absorb(key: string) {
    const change = changes.value.get(key)
    if (!change) return
    told.value = countsWith(told.value, [change])
    settle(key)
  }

  return {
    counts: computed(() => countsWith(told.value, changes.value.values())),
    told,
    set,
    expect,
    settle,
    absorb,
    /** An event said the counts after an answer to this card, or after its undoing. */
    heard: (card: number, undone: boolean) => settle(...[...changes.value.keys()].filter((key) => key.startsWith(`${undone ? 'undo ' : ''}${card}:`))),
    /** How often the server has said them: an answer that was asked for before is older. */
    get times() {
      return times
    },
  }
}

export const undoOf = (change: Change): Change => Object.fromEntries(Object.entries(change).map(([bucket, n]) => [bucket, -n]))
