import { acceptHMRUpdate, defineStore } from 'pinia'
import { computed, shallowRef, watch } from 'vue'
import type { ApiError } from '@/api/error'
import { answerCard, undoReview, type Reviewed } from '@/api/review'
import { createClock } from '@/study/clock'
import { createOutbox, type Answer, type Deed, type Undo } from '@/study/outbox'
import { useRealtimeStore } from './realtime'
import { useSession } from './session'

export interface AnswerListener {
  answered: (deed: Answer, result: Reviewed) => void
  undone: (deed: Undo) => void
  refused: (deed: Deed, error: ApiError) => void
}

/** Longer than any answer takes: such a connection is dead. */
const patience = 20_000

/**
 * The person's answers on their way to the server. They go on when the study
 * page is left, and when the page is loaded again.
 */
export const useAnswers = defineStore('answers', () => {
  const session = useSession()
  const realtime = useRealtimeStore()
  const clock = createClock()
  const deeds = shallowRef<Deed[]>([])
  const stuck = shallowRef(false)
  const listeners = new Set<AnswerListener>()
  const name = `aoki.answers.${session.user?.id}`

  const outbox = createOutbox({
    answer: ({ card, rating, ms, key }, answered_at) => answerCard(card, { rating, answered_in_ms: ms, key, answered_at }, AbortSignal.timeout(patience)),
    undo: (review) => undoReview(review, AbortSignal.timeout(patience)),
    answered: (deed, result) => listeners.forEach((one) => one.answered(deed, result)),
    undone: (deed) => listeners.forEach((one) => one.undone(deed)),
    refused: (deed, error) => listeners.forEach((one) => one.refused(deed, error)),
    changed: look,
    alone: (run) => (navigator.locks ? navigator.locks.request(name, run) : run()),
    storage: localStorage,
    prefix: `${name}:`,
    now: clock.now,
    random: Math.random,
  })

  function look() {
    deeds.value = outbox.deeds
    stuck.value = outbox.stuck
  }
  look()

  void outbox.flush()
  watch(() => realtime.connection.kind === 'live', (live) => live && void outbox.flush())
  addEventListener('online', () => void outbox.flush())

  /** Hears what becomes of the answers; hands back its undo. */
  function listen(listener: AnswerListener): () => void {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }

  return { clock, deeds, stuck, waiting: computed(() => deeds.value.length), add: outbox.add, cancel: outbox.cancel, listen }
})

if (import.meta.hot) import.meta.hot.accept(acceptHMRUpdate(useAnswers, import.meta.hot))
