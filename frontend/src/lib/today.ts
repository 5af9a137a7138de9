import type { Deck } from '@/api/deck'

/** What can be studied in a deck now. */
export const toDo = ({ new: fresh, learning, due }: Deck['counts']): number => fresh + learning + due

/** What calls: cards that were begun. New ones wait without harm. */
const calls = ({ learning, due }: Deck['counts']): number => learning + due

/** The decks of today: those with something to do, most due cards first, and those without, with when the first of these asks again. Equal ones stay in their order. */
export function today(decks: readonly Deck[]) {
  const open = decks.filter(({ counts }) => toDo(counts) > 0).toSorted((a, b) => calls(b.counts) - calls(a.counts) || b.counts.new - a.counts.new)
  const sum = (of: (counts: Deck['counts']) => number) => decks.reduce((n, { counts }) => n + of(counts), 0)
  const counts = { new: sum((c) => c.new), learning: sum((c) => c.learning), due: sum((c) => c.due), total: sum((c) => c.total) }
  const done = decks.filter(({ counts }) => counts.total > 0 && toDo(counts) === 0)
  const next = done.flatMap(({ next_due_at }) => next_due_at ?? []).toSorted((a, b) => Date.parse(a) - Date.parse(b))[0] ?? null
  return { open, done, counts, next }
}
