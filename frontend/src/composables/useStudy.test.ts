import { flushPromises, mount } from '@vue/test-utils'
import { createPinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { computed, defineComponent, h, onScopeDispose, reactive } from 'vue'
import * as cardApi from '@/api/card'
import { ApiError } from '@/api/error'
import * as reviewApi from '@/api/review'
import { useAnswers } from '@/stores/answers'
import { card, countsOf, inMinutes, learning, queueOf, review, reviewed, start } from '@/study/testing'
import { useCardDeeds } from './useCardDeeds'
import { useStudy } from './useStudy'
import { useStudyEvents } from './useStudyEvents'

const live = vi.hoisted(() => ({ hear: new Map<string, Set<(event: unknown) => void>>(), reset: () => {} }))
const connection = reactive({ kind: 'live' })
vi.mock('@/stores/realtime', () => ({ useRealtimeStore: () => ({ connection }) }))
vi.mock('./useRealtime', () => ({
  useRealtime: () => ({
    connection: computed(() => connection),
    on(name: string, listener: (event: unknown) => void) {
      live.hear.set(name, (live.hear.get(name) ?? new Set()).add(listener))
      onScopeDispose(() => live.hear.get(name)?.delete(listener))
    },
    onReset: (callback: () => void) => (live.reset = callback),
  }),
}))
vi.mock('@/stores/session', () => ({ useSession: () => ({ user: { id: 7 } }) }))
vi.mock('@/api/review')
vi.mock('@/api/card')
// What is fetched ahead would still be on its way when the tests are over.
vi.mock('@/study/ahead', () => ({ fetchAhead: async () => {} }))

const lost = () => new ApiError({ status: 0, code: 'network' })
const pages: { unmount: () => void }[] = []

function open(deck = 1) {
  let got!: { study: ReturnType<typeof useStudy>; deeds: ReturnType<typeof useCardDeeds>; answers: ReturnType<typeof useAnswers> }
  const page = mount(
    defineComponent({
      setup() {
        const study = useStudy(deck)
        const deeds = useCardDeeds(study)
        useStudyEvents(study, deeds.reread)
        void study.start()
        got = { study, deeds, answers: useAnswers() }
        return () => h('div')
      },
    }),
    { global: { plugins: [createPinia()] } },
  )
  pages.push(page)
  const { study } = got
  const answer = (rating: reviewApi.Rating) => (study.reveal(), study.grade(rating))
  const counts = () => Object.values(study.counts.value).slice(0, 3)
  return { ...got, page, answer, counts, shown: () => study.current.value?.id, notice: () => study.notice.value?.what }
}
const say = (name: string, message: object) => live.hear.get(name)?.forEach((listener) => listener({ name, message }))
const give = (...items: cardApi.Card[]) => vi.mocked(reviewApi.getQueue).mockResolvedValue(queueOf(items))
const pass = (ms = 0) => vi.advanceTimersByTimeAsync(ms)
const sent = () => vi.mocked(reviewApi.answerCard).mock.calls.map(([id, { rating, key }]) => [id, rating, key])

beforeEach(() => {
  vi.useFakeTimers({ now: start })
  vi.clearAllMocks()
  live.hear.clear()
  localStorage.clear()
  connection.kind = 'live'
  give(card(1), card(2), card(3))
  let last = 100
  vi.mocked(reviewApi.answerCard).mockImplementation(async (id, { rating }) => reviewed(++last, rating === 4 ? review(id) : learning(id, 10), { new: 2, learning: 1, due: 0, total: 20 }, rating))
  vi.mocked(reviewApi.undoReview).mockResolvedValue()
  vi.mocked(reviewApi.startStudying).mockResolvedValue()
  vi.mocked(reviewApi.stopStudying).mockResolvedValue()
  vi.mocked(cardApi.updateCard).mockImplementation(async (id) => card(id))
})
afterEach(() => {
  for (const page of pages.splice(0)) page.unmount()
  vi.useRealTimers()
})

describe('a session', () => {
  it('goes from card to card without waiting for the network', async () => {
    vi.mocked(reviewApi.answerCard).mockReturnValue(new Promise(() => {}))
    const { study, shown, answer, counts } = open()
    await pass()
    expect(shown()).toBe(1)
    expect(counts()).toEqual([3, 0, 0])
    study.grade(3) // not before the answer is shown
    expect(shown()).toBe(1)
    answer(3)
    expect(shown()).toBe(2)
    expect(study.revealed.value).toBe(false)
    expect(counts()).toEqual([2, 1, 0])
    answer(4)
    expect(shown()).toBe(3)
    expect(counts()).toEqual([1, 1, 0])
    await pass()
    expect(sent()).toEqual([[1, 3, '1:0']])
    expect(reviewApi.getQueue).toHaveBeenCalledOnce()
  })

  it('sends how long the card was looked at, not how long the page was away', async () => {
    const { answer } = open()
    await pass(4000)
    vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden')
    document.dispatchEvent(new Event('visibilitychange'))
    await pass(60_000)
    vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('visible')
    document.dispatchEvent(new Event('visibilitychange'))
    await pass(1000)
    answer(3)
    await pass()
    expect(vi.mocked(reviewApi.answerCard).mock.calls[0]?.[1].answered_in_ms).toBe(5000)
  })

  it('brings a learning card back with the intervals of the server, and rests when nothing is left', async () => {
    give(card(1))
    const { study, shown, answer } = open()
    await pass()
    vi.mocked(reviewApi.answerCard).mockResolvedValueOnce(reviewed(9, learning(1, 1, { intervals: { again: 60, hard: 330, good: 777, easy: 691_200 } }), countsOf([learning(1, 1)])))
    answer(1)
    expect(shown()).toBe(1) // nothing else is left: within 20 minutes it may come early
    expect(study.current.value?.intervals).toEqual({ again: 60 })
    await pass()
    expect(study.current.value?.intervals.good).toBe(777)
    vi.mocked(reviewApi.answerCard).mockResolvedValueOnce(reviewed(10, review(1, { reps: 2 }), countsOf([])))
    vi.mocked(reviewApi.getQueue).mockResolvedValue(queueOf([], { next_due_at: inMinutes(45) }))
    answer(4)
    expect(study.phase.value).toBe('rest')
    await pass()
    expect(sent().map(([, , key]) => key)).toEqual(['1:0', '1:1'])
    expect(study.queue.nextDue()).toBe(start + 45 * 60_000)
    expect(study.tally.value).toMatchObject({ answers: 2, begun: 1, of: [1, 0, 0, 1] })
  })

  it('goes on from the rest when somebody says so, and not by itself', async () => {
    give()
    const { study, shown } = open()
    await pass()
    expect(study.phase.value).toBe('rest')
    study.goOn()
    expect(study.phase.value).toBe('rest')
    give(learning(1, 0))
    say('card.created', { note: { id: 1, deck_id: 1 } })
    await pass(1000)
    expect(study.phase.value).toBe('rest')
    expect(study.queue.size()).toBe(1)
    study.goOn()
    expect(shown()).toBe(1)
  })

  it('fetches more before it runs out', async () => {
    give(...Array.from({ length: 50 }, (_, i) => card(i + 1)))
    const { answer } = open()
    await pass()
    for (let i = 0; i < 39; i++) answer(4)
    expect(reviewApi.getQueue).toHaveBeenCalledTimes(1)
    answer(4)
    expect(reviewApi.getQueue).toHaveBeenCalledTimes(2)
  })

  it('does not show again what was answered while the queue was on its way', async () => {
    const { shown, answer } = open()
    await pass()
    let arrive!: (queue: reviewApi.Queue) => void
    vi.mocked(reviewApi.getQueue).mockReturnValueOnce(new Promise((resolve) => (arrive = resolve)))
    say('preset.updated', { deck_id: 1, counts: countsOf([card(1), card(2), card(3)]) })
    await pass(1000)
    answer(4)
    await pass()
    arrive(queueOf([card(1), card(2), card(3)]))
    await pass()
    expect(shown()).toBe(2)
    answer(4)
    answer(4)
    expect(shown()).not.toBe(1)
  })

  it('says when the deck is gone, and what went wrong when nothing came', async () => {
    vi.mocked(reviewApi.getQueue).mockRejectedValueOnce(lost())
    const { study, shown } = open()
    await pass()
    expect(study.phase.value).toBe('failed')
    study.retry()
    await pass()
    expect(shown()).toBe(1)
    say('deck.deleted', { deck: { id: 2 } })
    expect(study.phase.value).toBe('card')
    say('deck.deleted', { deck: { id: 1 } })
    expect(study.phase.value).toBe('gone')
    vi.mocked(reviewApi.getQueue).mockRejectedValue(new ApiError({ status: 404, code: 'not_found' }))
    const other = open()
    await pass()
    expect(other.study.phase.value).toBe('gone')
  })

  it('tries again by itself when the connection is back', async () => {
    connection.kind = 'waiting'
    vi.mocked(reviewApi.getQueue).mockRejectedValueOnce(lost())
    const { shown } = open()
    await pass()
    connection.kind = 'live'
    await pass()
    expect(shown()).toBe(1)
  })
})

describe('undo', () => {
  it('goes back any number of steps, sent or not, and forward again', async () => {
    const { study, deeds, shown, answer, counts, answers } = open()
    await pass()
    answer(3)
    await pass()
    vi.mocked(reviewApi.answerCard).mockRejectedValue(lost())
    answer(3)
    answer(4)
    await pass()
    expect(answers.waiting).toBe(2)
    void deeds.undo() // not sent yet: it just goes
    expect(shown()).toBe(3)
    expect(answers.deeds.map(({ kind, key }) => [kind, key])).toEqual([['answer', '2:0']])
    void deeds.undo()
    void deeds.undo() // sent: it is taken back on the server
    expect(shown()).toBe(1)
    expect(study.mayUndo.value).toBe(false)
    expect(study.tally.value.answers).toBe(0)
    void deeds.undo()
    expect(shown()).toBe(1)
    vi.mocked(reviewApi.answerCard).mockResolvedValue(reviewed(200, review(1), countsOf([card(2), card(3)])))
    await pass(60_000)
    expect(vi.mocked(reviewApi.undoReview).mock.calls.map(([id]) => id)).toEqual([101])
    expect(counts()).toEqual([3, 0, 0])
    answer(4)
    expect(shown()).toBe(2)
    await pass()
    expect(sent().at(-1)).toEqual([1, 4, '1:0'])
  })

  it('says why not, and then goes back no further', async () => {
    const { study, deeds, notice, shown, answer } = open()
    await pass()
    answer(4)
    answer(4)
    await pass()
    vi.mocked(reviewApi.undoReview).mockRejectedValue(new ApiError({ status: 409, code: 'not_last_review' }))
    give(card(3))
    void deeds.undo()
    await pass()
    expect(notice()).toBe('notLast')
    expect(study.mayUndo.value).toBe(false)
    await pass(1000)
    expect(shown()).toBe(3) // as the server has it
  })

  it('brings back what was suspended or buried', async () => {
    const { study, deeds, shown } = open()
    await pass()
    void deeds.rest('suspended')
    expect(shown()).toBe(2)
    give(card(2), card(3))
    await pass(1000)
    void deeds.undo()
    await pass()
    expect(shown()).toBe(1)
    expect(vi.mocked(cardApi.updateCard).mock.calls).toEqual([[1, { suspended: true }], [1, { suspended: false }]])
    expect(study.mayUndo.value).toBe(false)
  })
})

describe('what other devices do', () => {
  const event = (card_id: number, more: object = {}) => ({ card_id, deck_id: 1, due_at: inMinutes(60 * 24), counts: { new: 1, learning: 0, due: 0, total: 20 }, ...more })

  it('takes away a card that was answered there, from the screen and from the queue', async () => {
    const { shown, answer, counts, notice } = open()
    await pass()
    give(card(3))
    say('card.reviewed', event(2))
    expect(counts()).toEqual([1, 0, 0])
    expect(notice()).toBeUndefined()
    say('card.reviewed', event(1))
    expect(shown()).toBe(3)
    expect(notice()).toBe('elsewhere')
    answer(4)
    expect(shown()).toBeUndefined()
  })

  it('is told apart from what was done here, whichever comes first', async () => {
    const { shown, answer, counts, notice } = open()
    await pass()
    let respond!: (result: reviewApi.Reviewed) => void
    vi.mocked(reviewApi.answerCard).mockReturnValueOnce(new Promise((resolve) => (respond = resolve)))
    answer(3)
    const after = { new: 2, learning: 1, due: 0, total: 20 }
    say('card.reviewed', event(1, { due_at: inMinutes(10), counts: after }))
    expect(counts()).toEqual([2, 1, 0])
    respond(reviewed(5, learning(1, 10), after))
    await pass()
    expect(counts()).toEqual([2, 1, 0])
    vi.mocked(reviewApi.answerCard).mockResolvedValueOnce(reviewed(6, learning(2, 10), { new: 1, learning: 2, due: 0, total: 20 }))
    answer(3)
    await pass()
    answer(4)
    expect(shown()).toBe(1)
    say('card.reviewed', event(2, { due_at: inMinutes(10), counts: { new: 1, learning: 2, due: 0, total: 20 } }))
    say('card.reviewed', event(1, { due_at: inMinutes(10), counts: { new: 1, learning: 2, due: 0, total: 20 } }))
    expect(shown()).toBe(1)
    expect(notice()).toBeUndefined()
  })

  it('ignores other decks', async () => {
    const { shown, counts } = open()
    await pass()
    say('card.reviewed', event(1, { deck_id: 2 }))
    say('schedule.updated', { card_id: 1, deck_id: 2, suspended: true, buried: false, leech: false, flag: 0, counts: countsOf([]) })
    say('card.deleted', { note: { id: 1, deck_id: 2 } })
    expect(shown()).toBe(1)
    expect(counts()).toEqual([3, 0, 0])
  })

  it('takes away what was suspended or deleted there, and shows a flag', async () => {
    const { study, shown, notice } = open()
    await pass()
    const schedule = { deck_id: 1, suspended: false, buried: false, leech: false, flag: 0, counts: countsOf([card(2), card(3)]) }
    say('schedule.updated', { ...schedule, card_id: 1, flag: 2 })
    expect(study.current.value?.flag).toBe(2)
    say('schedule.updated', { ...schedule, card_id: 1, suspended: true })
    expect(shown()).toBe(2)
    expect(notice()).toBe('changed')
    give(card(3))
    say('card.deleted', { note: { id: 2, deck_id: 1 } })
    expect(shown()).toBe(3)
  })

  it('shows an edited card in its place, with its answer still open', async () => {
    const { study, shown } = open()
    await pass()
    study.reveal()
    vi.mocked(cardApi.getCard).mockResolvedValue(card(1, { question: 'better', answer: 'clearer' }))
    give(card(1, { question: 'better', answer: 'clearer' }), card(2), card(3))
    say('card.updated', { note: { id: 1, deck_id: 1 } })
    await pass(1000)
    expect(shown()).toBe(1)
    expect(study.current.value).toMatchObject({ question: 'better', answer: 'clearer' })
    expect(study.revealed.value).toBe(true)
  })

  it('finds out after a reset what it has missed', async () => {
    const { shown, notice } = open()
    await pass()
    give(card(2), card(3))
    live.reset()
    await pass(1000)
    expect(shown()).toBe(2)
    expect(notice()).toBe('notNow')
  })

  it('looks again when what is here is not what the server counts', async () => {
    const { shown, answer } = open()
    await pass()
    vi.mocked(reviewApi.answerCard).mockResolvedValueOnce(reviewed(9, review(1), countsOf([card(3)]))) // a sibling rests too
    give(card(3))
    answer(4)
    expect(shown()).toBe(2)
    await pass(1000)
    expect(shown()).toBe(3)
  })
})

describe('offline', () => {
  it('goes on, keeps the answers, and sends each once when it is back, with the time they were given', async () => {
    const { answer, answers, shown } = open()
    await pass()
    vi.mocked(reviewApi.answerCard).mockRejectedValue(lost())
    answer(3)
    await pass(1000)
    answer(4)
    await pass(60_000)
    expect(shown()).toBe(3)
    expect(answers.waiting).toBe(2)
    expect(answers.stuck).toBe(true)
    vi.mocked(reviewApi.answerCard).mockClear()
    vi.mocked(reviewApi.answerCard).mockImplementation(async (id) => reviewed(id, review(id), countsOf([card(3)])))
    connection.kind = 'waiting'
    await flushPromises()
    connection.kind = 'live'
    await pass()
    expect(sent()).toEqual([[1, 3, '1:0'], [2, 4, '2:0']])
    expect(vi.mocked(reviewApi.answerCard).mock.calls.map(([, { answered_at }]) => answered_at)).toEqual([inMinutes(0), new Date(start + 1000).toISOString()])
    expect(answers.waiting).toBe(0)
  })

  it('sends after a reload what the last page could not, and asks none of it again', async () => {
    const first = open()
    await pass()
    vi.mocked(reviewApi.answerCard).mockRejectedValue(lost())
    first.answer(3)
    await pass()
    first.page.unmount()
    let respond!: (result: reviewApi.Reviewed) => void
    vi.mocked(reviewApi.answerCard).mockReturnValue(new Promise((resolve) => (respond = resolve)))
    const second = open()
    await pass()
    expect(second.shown()).toBe(2)
    give(card(2), card(3), learning(1, 10))
    respond(reviewed(5, learning(1, 10), { new: 2, learning: 1, due: 0, total: 20 }))
    await pass(1000)
    expect(second.study.queue.find(1)?.state).toBe('learning')
    expect(second.study.mayUndo.value).toBe(false)
  })

  it('explains an answer that the server does not take, and goes on with the others', async () => {
    const { answer, notice, study } = open()
    await pass()
    vi.mocked(reviewApi.answerCard).mockRejectedValueOnce(new ApiError({ status: 409, code: 'suspended' }))
    give(card(3))
    answer(3)
    answer(4)
    await pass()
    expect(notice()).toBe('refused')
    expect(study.tally.value.answers).toBe(1)
    expect(sent()).toHaveLength(2)
    await pass(1000)
    expect(study.queue.find(1)).toBeUndefined()
  })
})

describe('beside answering', () => {
  it('keeps a card that could not be suspended', async () => {
    const { deeds, study, notice } = open()
    await pass()
    vi.mocked(cardApi.updateCard).mockRejectedValueOnce(lost())
    await deeds.rest('buried')
    expect(notice()).toBe('notSaved')
    expect(study.queue.find(1)).toBeDefined()
    expect(study.mayUndo.value).toBe(false)
  })

  it('sends the last of several quick flags', async () => {
    const { deeds, study } = open()
    await pass()
    void deeds.flag()
    void deeds.flag()
    await deeds.flag()
    expect(study.current.value?.flag).toBe(3)
    expect(cardApi.updateCard).toHaveBeenCalledExactlyOnceWith(1, { flag: 3 })
  })

  it('rereads an edited card without losing the place, and drops one that is gone', async () => {
    const { deeds, study, shown } = open()
    await pass()
    study.reveal()
    vi.mocked(cardApi.getCard).mockResolvedValueOnce(card(1, { question: 'new words', reps: 9 }))
    await deeds.reread(1)
    expect(study.current.value).toMatchObject({ question: 'new words', reps: 0 })
    expect(study.revealed.value).toBe(true)
    vi.mocked(cardApi.getCard).mockRejectedValueOnce(new ApiError({ status: 404, code: 'not_found' }))
    await deeds.reread(1)
    expect(shown()).toBe(2)
  })

  it('tells the server that somebody sits here: when cards are shown and answered, not by a clock', async () => {
    vi.mocked(reviewApi.answerCard).mockImplementation(async (id) => reviewed(id, review(id), countsOf([card(2), card(3)].slice(id - 1))))
    const { page, answer } = open()
    await pass()
    expect(reviewApi.startStudying).toHaveBeenCalledTimes(1)
    answer(4)
    await pass(120_000)
    expect(reviewApi.startStudying).toHaveBeenCalledTimes(1)
    answer(4)
    await pass()
    expect(reviewApi.startStudying).toHaveBeenCalledTimes(2)
    give()
    answer(4)
    await pass()
    expect(vi.mocked(reviewApi.stopStudying).mock.calls).toEqual([[1]])
    page.unmount()
    await flushPromises()
    expect(reviewApi.stopStudying).toHaveBeenCalledTimes(1)
  })

  it('says goodbye as the page goes', async () => {
    open()
    await pass()
    window.dispatchEvent(new Event('pagehide'))
    expect(vi.mocked(reviewApi.stopStudying).mock.calls).toEqual([[1, true]])
  })
})
