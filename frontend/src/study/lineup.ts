import { dueTime, isLearning, learnAhead, type StudyCard } from './card'

/**
 * The cards that wait for their turn: those of today in the server's order, and
 * learning cards by the time they are due. Times are the server's, in
 * milliseconds. The card on screen is not among them.
 */
export function createLineup() {
  let today: StudyCard[] = []
  let steps: StudyCard[] = []
  let later: number | null = null

  const remove = (which: (card: StudyCard) => boolean) => {
    const before = today.length + steps.length
    today = today.filter((card) => !which(card))
    steps = steps.filter((card) => !which(card))
    return before - today.length - steps.length
  }
  const addStep = (card: StudyCard) => (steps = [...steps, card].sort((a, b) => dueTime(a) - dueTime(b)))

  /** What the server says is to be studied. Of the cards in `known` this side knows better: they stay as they are here. */
  function load(items: StudyCard[], nextDueAt: string | null, known: ReadonlySet<number>) {
    const fresh = items.filter(({ id }) => !known.has(id))
    const kept = (cards: StudyCard[]) => cards.filter(({ id }) => known.has(id))
    today = [...kept(today), ...fresh.filter((card) => !isLearning(card))]
    steps = kept(steps)
    for (const card of fresh) if (isLearning(card)) addStep(card)
    later = nextDueAt === null ? null : Date.parse(nextDueAt)
  }

  /** Whose turn it is: learning cards that are due, then the others, then learning cards within 20 minutes. Another card of the note just seen waits, if it can. */
  function next(now: number, seen?: number): StudyCard | undefined {
    const step = steps[0]
    if (step && dueTime(step) <= now) return step
    return today.find((card) => card.note_id !== seen) ?? today[0] ?? (step && dueTime(step) <= now + learnAhead ? step : undefined)
  }

  function take(now: number, seen?: number): StudyCard | undefined {
    const card = next(now, seen)
    if (card) remove(({ id }) => id === card.id)
    return card
  }

  /** The card comes again: a learning card when it is due, any other one next. */
  function add(card: StudyCard) {
    remove(({ id }) => id === card.id)
    if (isLearning(card)) addStep(card)
    else today = [card, ...today]
  }

  /** A card as the server has it now: only a learning card has another turn today. */
  function settle(card: StudyCard) {
    remove(({ id }) => id === card.id)
    if (isLearning(card) && !card.suspended && !card.buried) addStep(card)
  }

  return {
    load,
    next,
    take,
    add,
    settle,
    remove,
    find: (id: number) => today.find((card) => card.id === id) ?? steps.find((card) => card.id === id),
    update(card: StudyCard) {
      const put = (old: StudyCard) => (old.id === card.id ? card : old)
      today = today.map(put)
      steps = steps.map(put)
    },
    /** How many can be asked now. */
    size: (now: number) => today.length + steps.filter((card) => dueTime(card) <= now + learnAhead).length,
    /** How many are due at this moment: without new cards and learning ahead. */
    due: (now: number) => today.filter(({ state }) => state !== 'new').length + steps.filter((card) => dueTime(card) <= now).length,
    /** How many wait without a time of their own. */
    get stock() {
      return today.length
    },
    /** When the next learning card falls due, here or as the server said; null: none does. */
    get nextDue(): number | null {
      const first = steps[0] ? dueTime(steps[0]) : null
      return first === null || later === null ? (first ?? later) : Math.min(first, later)
    },
  }
}
export type Lineup = ReturnType<typeof createLineup>
