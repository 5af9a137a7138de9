import { useTimeoutFn } from '@vueuse/core'
import { ref, shallowRef } from 'vue'
import { isApiError } from '@/api/error'
import { getQueue, type Queue } from '@/api/review'
import { fetchAhead } from '@/study/ahead'
import type { StudyCard } from '@/study/card'
import type { Clock } from '@/study/clock'
import { createLineup } from '@/study/lineup'
import type { useStudyCounts } from './useStudyCounts'

const page = 50
/** So few cards left, and the next ones are fetched. */
const low = 10
/** The counts may differ from what is here for a moment: looked into no more often than this, in milliseconds. */
const doubt = 15_000

/**
 * The cards of a deck that are to be studied now, as the server had them when it
 * was last asked, and with what happened here since.
 */
export function useStudyQueue(options: {
  deck: number
  clock: Clock
  counts: ReturnType<typeof useStudyCounts>
  /** Cards of which this side knows more than the server does. */
  busy: () => Iterable<number>
  current: () => StudyCard | null
  /** The card on the screen as the server has it; null when it is not to be studied now. */
  meet: (theirs: StudyCard | null) => void
  loaded: () => void
  failed: (error: unknown) => void
  gone: () => void
}) {
  const { deck, clock, counts } = options
  const lineup = createLineup()
  const today = shallowRef<Queue['today'] | null>(null)
  // The lineup is no reactive thing by itself: this grows with it.
  const moves = ref(0)
  let complete = false
  let fetchedAt = 0
  let fetching = false
  let again = false
  let stale = false
  let doubted = 0
  let over = false
  // Cards that something was done with here while the queue was on its way.
  const touched = new Set<number>()

  async function load(): Promise<void> {
    if (over) return
    if (fetching) return void (again = true)
    fetching = true
    again = false
    touched.clear()
    const known = new Set(options.busy())
    const times = counts.times
    const wasStale = stale
    stale = false
    try {
      const queue = await getQueue(deck, page)
      clock.told(queue.now)
      fetchedAt = clock.now()
      if (times === counts.times) counts.set(queue.counts)
      arrange(queue, new Set([...known, ...touched, ...options.busy()]), wasStale)
    } catch (error) {
      stale ||= wasStale
      if (isApiError(error, 'not_found')) end()
      else options.failed(error)
    } finally {
      fetching = false
      if (again) void load()
    }
  }

  function end() {
    over = true
    soon.stop()
    options.gone()
  }

  function arrange(queue: Queue, known: Set<number>, wasStale: boolean) {
    complete = queue.items.length < page
    today.value = queue.today
    void fetchAhead(queue.items)
    const shown = options.current()
    lineup.load(queue.items, queue.next_due_at, shown ? new Set([...known, shown.id]) : known)
    moves.value++
    if (shown && !known.has(shown.id)) {
      const theirs = queue.items.find(({ id }) => id === shown.id)
      // One that is not among them may just be further down, or be asked a little ahead of its time.
      if (theirs || (complete && wasStale)) options.meet(theirs ?? null)
    }
    options.loaded()
  }

  const soon = useTimeoutFn(() => void load(), () => 200 + Math.random() * 300, { immediate: false })
  /** Several reasons within a moment are one look at the queue, which holds the card on the screen against it too. */
  function refetch() {
    stale = true
    soon.start()
  }

  function take(seen?: number): StudyCard | undefined {
    const card = lineup.take(clock.now(), seen)
    moves.value++
    if (!complete && !fetching && lineup.stock < low) void load()
    return card
  }

  /** When everything is answered for, what is here should be what the server counts. */
  function check() {
    if (!complete || clock.now() - doubted < doubt) return
    const { new: fresh, learning, due } = counts.told.value
    if (fresh + learning + due === lineup.size(clock.now()) + (options.current() ? 1 : 0)) return
    doubted = clock.now()
    refetch()
  }

  const moving =
    <A extends unknown[], R>(run: (...args: A) => R) =>
    (...args: A): R => {
      moves.value++
      return run(...args)
    }

  return {
    load,
    refetch,
    take,
    check,
    end,
    today,
    moves,
    touch: (card: number) => void touched.add(card),
    add: moving(lineup.add),
    settle: moving(lineup.settle),
    remove: moving(lineup.remove),
    update: moving(lineup.update),
    find: lineup.find,
    next: () => lineup.next(clock.now()),
    size: () => lineup.size(clock.now()),
    due: () => lineup.due(clock.now()),
    stock: () => lineup.stock,
    nextDue: () => lineup.nextDue,
    /** Whether all there is to study is here. */
    isComplete: () => complete,
    age: () => clock.now() - fetchedAt,
  }
}
