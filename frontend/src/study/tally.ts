import type { Rating } from '@/api/review'
import type { StudyCard } from './card'

/** What was done in this session, the way back included. */
export type Step =
  | { kind: 'answer'; card: StudyCard; key: string; rating: Rating; ms: number; review?: number; dueAt?: string | null }
  | { kind: 'rest'; card: StudyCard; what: 'suspended' | 'buried' }
export type AnswerStep = Extract<Step, { kind: 'answer' }>

export interface Tally {
  answers: number
  /** By rating: again, hard, good, easy. */
  of: [number, number, number, number]
  /** Milliseconds before cards. */
  ms: number
  /** New cards begun. */
  begun: number
}

export function tallyOf(steps: Step[]): Tally {
  const tally: Tally = { answers: 0, of: [0, 0, 0, 0], ms: 0, begun: 0 }
  for (const step of steps) {
    if (step.kind !== 'answer') continue
    tally.answers++
    tally.of[step.rating - 1]!++
    tally.ms += step.ms
    if (step.card.state === 'new') tally.begun++
  }
  return tally
}
