import type { Schema } from '@/api/http'
import { backoff } from './backoff'
import { createCursor } from './cursor'
import type { LogEvent, Position } from './events'

export interface FeedOptions {
  start: Position
  /** GET /events: one page of the log after a position. */
  fetch: (from: Position) => Promise<Schema<'EventPage'>>
  deliver: (event: LogEvent) => void
  /** The log goes on from here, and what lies between is lost: load the lists again. */
  reset: (to: Position) => void
  random: () => number
}

/**
 * The order of things in one tab: every event of the log once, in its turn,
 * whichever way it comes: from this tab's socket, from the tab that leads, or
 * over HTTP where those left a gap.
 */
export function createFeed(options: FeedOptions) {
  const cursor = createCursor(options.start)
  let wanted = 0
  let filling = false
  let failures = 0
  let retry: ReturnType<typeof setTimeout> | undefined
  // Grows when a catching up under way must not touch anything any more.
  let turn = 0

  function push(epoch: string, event: LogEvent): 'next' | 'old' | 'gap' {
    if (epoch !== cursor.position.epoch) return 'gap'
    const result = cursor.take(event.seq)
    if (result === 'next') options.deliver(event)
    return result
  }

  function reset(to: Position): void {
    cursor.jump(to)
    wanted = to.seq
    options.reset(to)
  }

  /** Fetches what is missing up to `to`; events that arrive meanwhile are part of it. */
  function catchUp(to: Position): void {
    if (to.epoch === cursor.position.epoch) {
      if (to.seq <= cursor.position.seq) return
      wanted = Math.max(wanted, to.seq)
    }
    if (filling) return
    filling = true
    void run(++turn)
  }

  async function run(mine: number): Promise<void> {
    try {
      for (;;) {
        const page = await options.fetch(cursor.position)
        if (mine !== turn) return
        failures = 0
        if (page.reset || page.epoch !== cursor.position.epoch) {
          reset(page.reset ? { epoch: page.reset.epoch, seq: page.reset.head } : { epoch: page.epoch, seq: page.head })
          break
        }
        for (const event of page.events as LogEvent[]) push(page.epoch, event)
        if (page.events.length === 0 || cursor.position.seq >= Math.max(wanted, page.head)) break
      }
      filling = false
    } catch {
      if (mine !== turn) return
      retry = setTimeout(() => void run(mine), backoff(failures++, options.random))
    }
  }

  /** Forgets a catching up under way: another source takes over from the cursor. */
  function stopCatchingUp(): void {
    turn++
    filling = false
    clearTimeout(retry)
  }

  return {
    get position() {
      return cursor.position
    },
    push,
    catchUp,
    reset,
    stopCatchingUp,
  }
}
