import { computed } from 'vue'
import { getCard, updateCard, type CardUpdate } from '@/api/card'
import { isApiError } from '@/api/error'
import type { StudyCard } from '@/study/card'
import type { Step } from '@/study/tally'
import type { Study } from './useStudy'

const flags = 8

/** What can be done with the card on the screen beside answering it. One change after the other, in their order. */
export function useCardDeeds(study: Study) {
  const { current, steps, moving, queue } = study
  let last: Promise<unknown> = Promise.resolve()

  function put(card: StudyCard, body: CardUpdate): Promise<boolean> {
    const change = async () => {
      try {
        await updateCard(card.id, body)
        return true
      } catch (problem) {
        study.say('notSaved', isApiError(problem) ? problem : undefined)
        return false
      }
    }
    const result = last.then(change)
    last = result
    return result
  }

  async function move(card: StudyCard, body: CardUpdate): Promise<boolean> {
    moving.add(card.id)
    queue.touch(card.id)
    const done = await put(card, body)
    moving.delete(card.id)
    return done
  }

  /** The card leaves the session: for today, or until it is released. */
  async function rest(what: 'suspended' | 'buried') {
    const card = current.value
    if (!card) return
    const step: Step = { kind: 'rest', card, what }
    steps.value = [...steps.value, step]
    const done = move(card, { [what]: true })
    study.leave(({ id }) => id === card.id, what)
    if (await done) return queue.refetch()
    if (!steps.value.includes(step)) return // undone meanwhile
    steps.value = steps.value.filter((one) => one !== step)
    study.comeBack(card)
  }

  async function undo() {
    const step = study.undo()
    if (step?.kind === 'rest') await move(step.card, { [step.what]: false })
  }

  /** 1 to 7, then none. Of several quick ones the last is sent. */
  async function flag() {
    const card = current.value
    if (!card) return
    const next = (card.flag + 1) % flags
    current.value = { ...card, flag: next }
    await last
    if (current.value?.id !== card.id || current.value.flag === next) await put(card, { flag: next })
  }

  /** Its sides were changed: the card shows them without losing its place. */
  async function reread(id: number) {
    try {
      const { question, answer, type } = await getCard(id)
      const fresh = (card: StudyCard): StudyCard => ({ ...card, question, answer, type })
      if (current.value?.id === id) current.value = fresh(current.value)
      const waiting = queue.find(id)
      if (waiting) queue.update(fresh(waiting))
    } catch (problem) {
      if (isApiError(problem, 'not_found')) study.leave((card) => card.id === id, 'changed')
    }
  }

  return { rest, undo, flag, reread, mayUndo: computed(() => study.mayUndo.value) }
}
