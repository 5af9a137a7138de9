import { describe, expect, it } from 'vitest'
import type { Deck } from '@/api/deck'
import { today } from './today'

const deck = (name: string, fresh: number, learning: number, due: number, total = fresh + learning + due): Deck => ({
  id: 1, name, description: '', role: 'owner', members: 1, created_at: '', updated_at: '', next_due_at: null, counts: { new: fresh, learning, due, total },
}) // prettier-ignore
const names = (decks: Deck[]) => decks.map(({ name }) => name)

describe('today', () => {
  it('begins with the deck that has most due, whatever is new elsewhere', () => {
    const { open } = today([deck('new', 90, 0, 0), deck('few', 0, 1, 1), deck('many', 0, 0, 30), deck('few and new', 5, 2, 0)])
    expect(names(open)).toEqual(['many', 'few and new', 'few', 'new'])
  })

  it('keeps the order of equal ones', () => {
    expect(names(today([deck('a', 0, 1, 1), deck('b', 0, 2, 0), deck('c', 0, 0, 2)]).open)).toEqual(['a', 'b', 'c'])
  })

  it('tells what is done from what is empty', () => {
    const { open, done } = today([deck('empty', 0, 0, 0), deck('done', 0, 0, 0, 12), deck('open', 1, 0, 0)])
    expect(names(open)).toEqual(['open'])
    expect(names(done)).toEqual(['done'])
  })

  it('adds up', () => {
    expect(today([deck('a', 1, 2, 3, 10), deck('b', 4, 5, 6, 20)]).counts).toEqual({ new: 5, learning: 7, due: 9, total: 30 })
    expect(today([])).toEqual({ open: [], done: [], counts: { new: 0, learning: 0, due: 0, total: 0 }, next: null })
  })

  it('knows when the first deck that is done asks again', () => {
    const at = (next_due_at: string | null, fresh = 0) => ({ ...deck('x', fresh, 0, 0, 9), next_due_at })
    expect(today([at('2026-05-14T04:00:00Z'), at(null), at('2026-05-13T19:00:00.5Z'), at('2026-05-13T19:00:00.75Z')]).next).toBe('2026-05-13T19:00:00.5Z')
    expect(today([at(null), at(null, 3)]).next).toBeNull()
  })
})
