import { useDocumentVisibility, useTimeoutFn } from '@vueuse/core'
import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue'
import type { ApiError } from '@/api/error'
import type { Rating, Reviewed } from '@/api/review'
import { useAnswers } from '@/stores/answers'
import { afterAnswer, answerKey, changeOf, dueTime, type StudyCard } from '@/study/card'
import { createStopwatch } from '@/study/clock'
import type { Deed } from '@/study/outbox'
import { tallyOf, type AnswerStep, type Step } from '@/study/tally'
import { useStudyCounts, undoOf } from './useStudyCounts'
import { useStudyQueue } from './useStudyQueue'
import { useStudying } from './useStudying'

/** What a quiet line on the screen says. */
export type Notice = 'elsewhere' | 'notNow' | 'changed' | 'notLast' | 'refused' | 'suspended' | 'buried' | 'notSaved' | 'notOpened' | 'undone'
export type Phase = 'loading' | 'failed' | 'card' | 'rest' | 'gone'

const noticeTime = 6000
/** A queue of that age, in milliseconds, is looked at again when somebody comes back to it. */
const old = 10 * 60_000

/**
 * One session of studying a deck: which card is on the screen, and what becomes
 * of it. Nothing here waits for the network: answers go out in the background,
 * and the next cards have been fetched before they are needed.
 */
export function useStudy(deck: number) {
  const outbox = useAnswers()
  const { clock } = outbox
  const watched = createStopwatch(() => performance.now())
  const studying = useStudying(deck)
  const visibility = useDocumentVisibility()
  const counts = useStudyCounts()

  const phase = ref<Phase>('loading')
  const error = shallowRef<unknown>(null)
  const current = shallowRef<StudyCard | null>(null)
  const revealed = ref(false)
  const steps = shallowRef<Step[]>([])
  // Steps before this one can't be undone any more: something else was answered since.
  const floor = ref(0)
  const notice = shallowRef<{ what: Notice; error?: ApiError } | null>(null)
  // Cards whose change (suspended, buried) is on its way.
  const moving = new Set<number>()

  const queue = useStudyQueue({
    deck,
    clock,
    counts,
    busy: () => [...outbox.deeds.map(({ card }) => card), ...moving],
    current: () => current.value,
    meet,
    loaded() {
      error.value = null
      if (phase.value === 'loading' || phase.value === 'failed') advance()
    },
    failed(problem) {
      if (phase.value !== 'loading') return
      error.value = problem
      phase.value = 'failed'
    },
    gone() {
      phase.value = 'gone'
      current.value = null
      studying.gone()
    },
  })

  const hush = useTimeoutFn(() => (notice.value = null), noticeTime, { immediate: false })
  function say(what: Notice, error?: ApiError) {
    notice.value = { what, error }
    hush.start()
  }

  function show(card: StudyCard) {
    current.value = card
    revealed.value = false
    phase.value = 'card'
    watched.restart()
    if (visibility.value !== 'visible') watched.pause()
    studying.here()
  }

  /** On to the next card, or to the rest when there is none. */
  function advance(seen?: number) {
    const card = queue.take(seen)
    if (card) return show(card)
    const had = current.value !== null
    current.value = null
    revealed.value = false
    phase.value = queue.isComplete() ? 'rest' : 'loading'
    studying.gone()
    // With answers on their way it is asked when they have arrived.
    if (had && outbox.waiting === 0) void queue.load()
  }

  /** The card on the screen as the server has it: answered elsewhere, it gives way to the next one. */
  function meet(theirs: StudyCard | null) {
    if (theirs && theirs.reps === current.value?.reps) return void (current.value = theirs)
    if (theirs) queue.add(theirs)
    // Why one is not to be studied any more nobody says: another device, a limit of the day.
    say(theirs ? 'elsewhere' : 'notNow')
    advance()
  }

  watch(visibility, (now) => {
    if (now !== 'visible') return watched.pause()
    if (current.value) watched.resume()
    if (queue.age() > old) queue.refetch()
  })

  function reveal() {
    if (!current.value || revealed.value) return
    revealed.value = true
    notice.value = null
    studying.here()
  }

  function grade(rating: Rating) {
    const card = current.value
    if (!card || !revealed.value) return
    const key = answerKey(card)
    const ms = watched.read()
    const at = clock.now()
    steps.value = [...steps.value, { kind: 'answer', card, key, rating, ms }]
    counts.expect(key, changeOf(card, rating))
    queue.touch(card.id)
    const next = afterAnswer(card, rating, at)
    if (next) queue.add(next)
    notice.value = null
    outbox.add({ kind: 'answer', key, card: card.id, deck, rating, ms, at })
    studying.here()
    advance(card.note_id)
  }

  /** One step back: its card is on the screen again as it was, and the one that was there comes next. */
  function undo(): Step | undefined {
    const step = steps.value.at(-1)
    if (!step || steps.value.length <= floor.value) return
    steps.value = steps.value.slice(0, -1)
    queue.touch(step.card.id)
    queue.remove(({ id }) => id === step.card.id)
    if (current.value && current.value.id !== step.card.id) queue.add(current.value)
    if (step.kind === 'answer') takeBack(step)
    show(step.card)
    say('undone')
    return step
  }

  function takeBack({ key, card, rating, review }: AnswerStep) {
    own.add(place(card))
    if (outbox.cancel(key)) return void counts.settle(key)
    counts.expect(`undo ${key}`, undoOf(changeOf(card, rating)))
    outbox.add({ kind: 'undo', key, card: card.id, deck, review, at: clock.now() })
  }

  // Where cards came to stand by what was done here: an event that says so is no news.
  const own = new Set<string>()
  const place = ({ id, due_at }: { id: number; due_at: string | null }) => `${id} ${dueTime({ due_at })}`
  const isWaiting = (card: number) => outbox.deeds.some((deed) => deed.card === card)
  const stepOf = (key: string) => steps.value.findIndex((step) => step.kind === 'answer' && step.key === key)

  function answered(deed: Deed, { card, review, counts: after }: Reviewed) {
    if (deed.deck !== deck) return
    own.add(place(card))
    if (counts.settle(deed.key)) counts.set(after)
    const at = stepOf(deed.key)
    if (at >= 0) steps.value = steps.value.with(at, { ...(steps.value[at] as AnswerStep), review: review.id, dueAt: card.due_at })
    // Answered before this page was loaded: nothing here knows the card yet.
    else if (!isWaiting(card.id)) queue.refetch()
    if (at < 0 || isWaiting(card.id)) return
    if (current.value?.id === card.id) current.value = card
    else queue.settle(card)
    settled()
  }

  function undone(deed: Deed) {
    if (deed.deck !== deck) return
    counts.absorb(`undo ${deed.key}`)
    settled()
  }

  /** The server does not take it: said in a sentence, and everything as the server has it. */
  function refused(deed: Deed, problem: ApiError) {
    if (deed.deck !== deck || phase.value === 'gone') return
    if (deed.kind === 'undo') {
      counts.settle(`undo ${deed.key}`)
      floor.value = steps.value.length
    } else {
      counts.settle(deed.key)
      const at = stepOf(deed.key)
      if (at >= 0) steps.value = steps.value.toSpliced(at, 1)
      floor.value = Math.min(floor.value, steps.value.length)
    }
    say(deed.kind === 'undo' && problem.code === 'not_last_review' ? 'notLast' : 'refused', problem)
    queue.remove(({ id }) => id === deed.card)
    queue.refetch()
  }

  function settled() {
    if (outbox.waiting > 0) return
    if (phase.value !== 'card') void queue.load()
    else queue.check()
  }
  onScopeDispose(outbox.listen({ answered, undone, refused }))

  /** These cards leave the session, and the next one takes the place of one on the screen. */
  function leave(which: (card: StudyCard) => boolean, why?: Notice) {
    queue.remove(which)
    if (!current.value || !which(current.value)) return
    if (why) say(why)
    advance()
  }

  /** A card that was away comes back. */
  function comeBack(card: StudyCard) {
    if (current.value?.id === card.id) return
    queue.add(card)
    if (phase.value === 'rest' || phase.value === 'loading') advance()
  }

  return {
    deck, phase, error, current, revealed, steps, notice, queue, clock, moving,
    counts: counts.counts,
    tally: computed(() => tallyOf(steps.value)),
    mayUndo: computed(() => steps.value.length > floor.value),
    reveal, grade, undo, say, leave, comeBack,
    start: queue.load,
    retry() {
      phase.value = 'loading'
      void queue.load()
    },
    /** From the rest back to the cards, when one can be asked. */
    goOn() {
      if (!queue.next()) return
      notice.value = null
      advance()
    },
    /** The counts that an event says; whether the event tells what was done here. */
    hear(card: number, after: Reviewed['counts'], undone: boolean) {
      counts.heard(card, undone)
      counts.set(after)
    },
    setCounts: counts.set,
    isOwn: (card: number, due_at: string | null) => isWaiting(card) || own.has(place({ id: card, due_at })),
  }
}
export type Study = ReturnType<typeof useStudy>
