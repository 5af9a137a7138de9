import type { Position } from './events'

/**
 * How far this tab has come in the log. Only the log moves it: one step at a
 * time with an event, or by a jump when the server says that the cursor can't
 * be served.
 */
export function createCursor(start: Position) {
  let { epoch, seq } = start
  return {
    get position(): Position {
      return { epoch, seq }
    },
    /** "next" has moved the cursor; "old" was here before; after a "gap" something has to be fetched first. */
    take(next: number): 'next' | 'old' | 'gap' {
      if (next <= seq) return 'old'
      if (next > seq + 1) return 'gap'
      seq = next
      return 'next'
    },
    jump(to: Position): void {
      ;({ epoch, seq } = to)
    },
  }
}
