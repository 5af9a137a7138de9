import type { Card } from '@/api/card'
import type { DeckCounts, Queue, Reviewed } from '@/api/review'

/** Cards, queues and answers for tests, as the server would have them at `start`. */
export const start = Date.parse('2026-05-01T12:00:00Z')
export const inMinutes = (minutes: number) => new Date(start + minutes * 60_000).toISOString()

export const card = (id: number, more: Partial<Card> = {}): Card => ({
  id, note_id: id, deck_id: 1, ord: 0, type: 'basic', question: `question ${id}`, answer: `answer ${id}`,
  state: 'new', due_at: null, last_review_at: null, stability: 0, difficulty: 0, retrievability: 0, reps: 0, lapses: 0,
  suspended: false, buried: false, leech: false, flag: 0, intervals: { again: 60, hard: 330, good: 600, easy: 691_200 }, ...more,
}) // prettier-ignore

export const learning = (id: number, minutes: number, more: Partial<Card> = {}): Card => card(id, { state: 'learning', due_at: inMinutes(minutes), reps: 1, ...more })
export const review = (id: number, more: Partial<Card> = {}): Card =>
  card(id, { state: 'review', due_at: inMinutes(-60), reps: 5, intervals: { again: 600, hard: 86_400, good: 345_600, easy: 691_200 }, ...more })

export function countsOf(items: Card[], total = 20): DeckCounts {
  const of = (...states: string[]) => items.filter(({ state }) => states.includes(state)).length
  return { new: of('new'), learning: of('learning', 'relearning'), due: of('review'), total }
}

export const queueOf = (items: Card[], more: Partial<Queue> = {}): Queue => ({
  items, counts: countsOf(items), now: inMinutes(0), next_due_at: null, today: { answers: 0, new: 0, reviews: 0, millis: 0 }, ...more,
}) // prettier-ignore

export const reviewed = (id: number, after: Card, counts: DeckCounts, rating = 3): Reviewed => ({
  card: after, counts, review: { id, card_id: after.id, rating, state: 'new', answered_at: inMinutes(0), answered_in_ms: 0, interval: 0 },
}) // prettier-ignore
