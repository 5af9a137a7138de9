import { ApiError, isApiError } from '@/api/error'
import type { Rating, Reviewed } from '@/api/review'
import { backoff } from '@/realtime/backoff'

/** What the server has to be told. `key` names the answer; `at` is when it was given, by the server's clock. */
export type Deed =
  | { kind: 'answer'; key: string; card: number; deck: number; rating: Rating; ms: number; at: number }
  /** Takes back the answer `key`, whose review is known once it is sent. */
  | { kind: 'undo'; key: string; card: number; deck: number; review?: number; at: number }
export type Answer = Extract<Deed, { kind: 'answer' }>
export type Undo = Extract<Deed, { kind: 'undo' }>

export interface OutboxOptions {
  /** With a time when the answer is sent late. */
  answer: (deed: Answer, answeredAt: string | undefined) => Promise<Reviewed>
  undo: (review: number) => Promise<void>
  answered: (deed: Answer, result: Reviewed) => void
  undone: (deed: Undo) => void
  /** The server will not have it: it is out of the box, and this is why. */
  refused: (deed: Deed, error: ApiError) => void
  /** How many wait has changed. */
  changed: () => void
  /** One of the browser's tabs at a time sends; without locks each does, and the keys keep it right. */
  alone: <T>(run: () => Promise<T>) => Promise<T>
  storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>
  /** Of the entries in the storage: each person's own. */
  prefix: string
  now: () => number
  random: () => number
}

interface Entry {
  deed: Deed
  name: string
  kept: boolean
  withoutTime?: boolean
}

/** An answer that took no longer to send than this was given now. */
const prompt = 10_000
/** Refusals that another try may not meet: no answer at all, signed out, too many tries, a server in trouble. */
const passes = (error: unknown) => !(error instanceof ApiError) || [0, 401, 408, 425, 429].includes(error.status) || error.status >= 500 || error.code === 'idempotency_in_progress'

/**
 * Answers on their way to the server: in order, each once, however often it has
 * to be tried, across reloads too. Nobody waits for them.
 */
export function createOutbox(options: OutboxOptions) {
  const { storage, prefix } = options
  let entries: Entry[] = restore()
  let sending: Entry | null = null
  let running = false
  let failures = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  let last = 0

  function restore(): Entry[] {
    const names = Array.from({ length: storage.length }, (_, i) => storage.key(i) ?? '').filter((name) => name.startsWith(prefix))
    return names.sort().flatMap((name) => {
      try {
        return [{ deed: JSON.parse(storage.getItem(name) ?? '') as Deed, name, kept: true }]
      } catch {
        storage.removeItem(name)
        return []
      }
    })
  }

  /** Names sort by time. Two tabs may add in the same moment: a word by chance parts them. */
  function newName() {
    last = Math.max(Date.now(), last + 1)
    return `${prefix}${String(last).padStart(15, '0')}.${options.random().toString(36).slice(2, 6)}`
  }

  function keep(entry: Entry) {
    try {
      storage.setItem(entry.name, JSON.stringify(entry.deed))
      entry.kept = true
    } catch {
      entry.kept = false // full, or forbidden: it is sent as long as the page lives
    }
  }

  function drop(entry: Entry) {
    entries = entries.filter((one) => one !== entry)
    storage.removeItem(entry.name)
    options.changed()
  }

  function add(deed: Deed) {
    const entry: Entry = { deed, name: newName(), kept: false }
    entries = [...entries, entry]
    keep(entry)
    options.changed()
    if (failures === 0) void run()
  }

  /** Takes an answer out that was not sent yet: as if it had never been given. */
  function cancel(key: string): boolean {
    const entry = entries.findLast(({ deed }) => deed.kind === 'answer' && deed.key === key)
    if (!entry || entry === sending) return false
    drop(entry)
    return true
  }

  async function run(): Promise<void> {
    if (running || entries.length === 0) return
    running = true
    clearTimeout(timer)
    try {
      await options.alone(async () => {
        for (let entry = entries[0]; entry; entry = entries[0]) {
          sending = entry
          // Another tab, which had it too, has sent it.
          if (entry.kept && storage.getItem(entry.name) === null) drop(entry)
          else await send(entry)
        }
      })
    } catch (error) {
      const wait = isApiError(error) && error.retryAfter ? error.retryAfter * 1000 : backoff(failures, options.random)
      failures++
      timer = setTimeout(() => void run(), wait)
      options.changed()
    } finally {
      sending = null
      running = false
    }
  }

  async function send(entry: Entry): Promise<void> {
    const { deed } = entry
    try {
      if (deed.kind === 'answer') {
        const late = !entry.withoutTime && options.now() - deed.at > prompt
        const result = await options.answer(deed, late ? new Date(deed.at).toISOString() : undefined)
        failures = 0
        reviewed(deed.key, result.review.id)
        drop(entry)
        options.answered(deed, result)
      } else {
        // Without a review its answer never came to be.
        if (deed.review !== undefined) await options.undo(deed.review)
        failures = 0
        drop(entry)
        options.undone(deed)
      }
    } catch (error) {
      if (passes(error)) throw error
      failures = 0
      // A clock was wrong somewhere: then it counts as answered now.
      if (!entry.withoutTime && (error as ApiError).fields.some(({ field }) => field === 'answered_at')) return void (entry.withoutTime = true)
      drop(entry)
      if (deed.kind === 'undo' && isApiError(error, 'not_found')) options.undone(deed)
      else options.refused(deed, error as ApiError)
    }
  }

  /** Whoever waits to undo this answer can do so now. */
  function reviewed(key: string, review: number) {
    for (const entry of entries) {
      if (entry.deed.kind !== 'undo' || entry.deed.key !== key || entry.deed.review !== undefined) continue
      entry.deed = { ...entry.deed, review }
      keep(entry)
    }
  }

  return {
    add,
    cancel,
    /** Tries now: the connection is back. */
    flush: () => ((failures = 0), run()),
    stop: () => clearTimeout(timer),
    get deeds(): Deed[] {
      return entries.map(({ deed }) => deed)
    },
    /** The server could not be reached, or was in trouble, and nothing has come through since. */
    get stuck() {
      return failures > 0
    },
  }
}
export type Outbox = ReturnType<typeof createOutbox>
