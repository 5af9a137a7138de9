import type { Card } from '@/api/card'
import type { DeckCounts, Rating } from '@/api/review'
import type { Schema } from '@/api/http'

export const ratings = ['again', 'hard', 'good', 'easy'] as const
export type RatingName = (typeof ratings)[number]
export const nameOf = (rating: Rating): RatingName => ratings[rating - 1]!

/** A card as it is asked. One that was answered here and whose answer is not on the server yet does not know all of its next intervals. */
export type StudyCard = Omit<Card, 'intervals'> & { intervals: Partial<Schema<'Intervals'>> }

/** Learning cards may be asked so long before they are due, in milliseconds, when nothing else is left. */
export const learnAhead = 20 * 60_000
const day = 86_400

export type Bucket = 'new' | 'learning' | 'due'
export const isLearning = ({ state }: Pick<Card, 'state'>) => state === 'learning' || state === 'relearning'
export const bucketOf = (card: Pick<Card, 'state'>): Bucket => (card.state === 'new' ? 'new' : isLearning(card) ? 'learning' : 'due')
export const dueTime = ({ due_at }: { due_at: string | null }) => (due_at === null ? 0 : Date.parse(due_at))

/** What was shown is answered once, on whichever device. */
export const answerKey = ({ id, reps }: Pick<Card, 'id' | 'reps'>) => `${id}:${reps}`

/**
 * The card as it will probably be after this answer, until the server says how
 * it is; null when it is done for today, or nobody here can know. `now` is the
 * server's time.
 */
export function afterAnswer(card: StudyCard, rating: Rating, now: number): StudyCard | null {
  const seconds = card.intervals[nameOf(rating)]
  if (seconds === undefined || seconds >= day) return null
  const { again } = card.intervals
  return {
    ...card,
    state: card.state === 'review' || card.state === 'relearning' ? 'relearning' : 'learning',
    due_at: new Date(now + seconds * 1000).toISOString(),
    reps: card.reps + 1,
    // Again leads to the first step, wherever it is said.
    intervals: rating === 1 && again !== undefined ? { again } : {},
  }
}

/** What an answer does to the counts of the deck. */
export function changeOf(card: StudyCard, rating: Rating): Partial<Record<Bucket, number>> {
  const change: Partial<Record<Bucket, number>> = { [bucketOf(card)]: -1 }
  const seconds = card.intervals[nameOf(rating)]
  if (seconds !== undefined && seconds < day && seconds * 1000 <= learnAhead) change.learning = (change.learning ?? 0) + 1
  return change
}

/** The server's counts, and what it has not heard of yet. */
export function countsWith(counts: DeckCounts, changes: Iterable<Partial<Record<Bucket, number>>>): DeckCounts {
  const sum = { ...counts }
  for (const change of changes) for (const key of ['new', 'learning', 'due'] as const) sum[key] += change[key] ?? 0
  for (const key of ['new', 'learning', 'due'] as const) sum[key] = Math.max(0, sum[key])
  return sum
}
