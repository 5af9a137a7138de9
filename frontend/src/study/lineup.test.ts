import { describe, expect, it } from 'vitest'
import { createLineup } from './lineup'
import { card, inMinutes, learning, review, start } from './testing'

const minute = 60_000
const nobody = new Set<number>()
const idsIn = (lineup: ReturnType<typeof createLineup>, now = start) => {
  const ids: number[] = []
  for (let next = lineup.take(now); next; next = lineup.take(now)) ids.push(next.id)
  return ids
}

describe('the lineup', () => {
  it('asks learning cards that are due first, then the others in their order, then learning cards within 20 minutes', () => {
    const lineup = createLineup()
    lineup.load([learning(1, -2), learning(2, -5), review(3), card(4), learning(5, 12), learning(6, 3)], null, nobody)
    expect(idsIn(lineup)).toEqual([2, 1, 3, 4, 6, 5])
  })

  it('keeps a learning card until 20 minutes before it is due, and lets it pass when it is', () => {
    const lineup = createLineup()
    lineup.load([card(1), card(2)], null, nobody)
    lineup.add(learning(3, 21))
    expect(lineup.size(start)).toBe(2)
    expect(lineup.take(start + 21 * minute)?.id).toBe(3)
    lineup.add(learning(3, 21))
    expect(idsIn(lineup)).toEqual([1, 2])
    expect(lineup.next(start + minute)?.id).toBe(3)
    expect(lineup.due(start + minute)).toBe(0)
    expect(lineup.due(start + 21 * minute)).toBe(1)
    lineup.load([card(4), review(5)], null, new Set([3]))
    expect(lineup.due(start + minute)).toBe(1)
  })

  it('says when the next learning card falls due, whoever knows of it', () => {
    const lineup = createLineup()
    expect(lineup.nextDue).toBeNull()
    lineup.load([], inMinutes(45), nobody)
    expect(lineup.nextDue).toBe(start + 45 * minute)
    lineup.add(learning(1, 30))
    expect(lineup.nextDue).toBe(start + 30 * minute)
    lineup.load([], null, new Set([1]))
    expect(lineup.nextDue).toBe(start + 30 * minute)
  })

  it('parts the cards of one note where it can', () => {
    const lineup = createLineup()
    lineup.load([card(1, { note_id: 9 }), card(2, { note_id: 8 })], null, nobody)
    expect(lineup.next(start, 9)?.id).toBe(2)
    lineup.remove(({ id }) => id === 2)
    expect(lineup.next(start, 9)?.id).toBe(1)
  })

  it('takes a new answer of the server, but keeps what it knows better', () => {
    const lineup = createLineup()
    lineup.load([card(1), card(2), card(3)], null, nobody)
    lineup.remove(({ id }) => id === 1) // answered, and on its way
    lineup.add(learning(2, 10, { question: 'mine' })) // answered too, and comes back
    lineup.load([card(1), card(2), card(3, { question: 'edited' }), card(4)], null, new Set([1, 2]))
    expect(lineup.find(1)).toBeUndefined()
    expect(lineup.find(2)?.question).toBe('mine')
    expect(lineup.find(3)?.question).toBe('edited')
    expect(idsIn(lineup)).toEqual([3, 4, 2])
  })

  it('settles a card as the server has it: only a learning card comes again', () => {
    const lineup = createLineup()
    lineup.add(learning(1, 1))
    lineup.settle(learning(1, 10, { reps: 2 }))
    expect(lineup.find(1)?.reps).toBe(2)
    expect(lineup.size(start)).toBe(1)
    lineup.settle(review(1))
    lineup.settle(learning(2, 1, { suspended: true }))
    lineup.settle(learning(3, 1, { buried: true }))
    expect(idsIn(lineup, start + 60 * minute)).toEqual([])
  })

  it('never holds a card twice', () => {
    const lineup = createLineup()
    lineup.load([card(1), learning(2, 1)], null, nobody)
    lineup.add(card(1))
    lineup.add(learning(1, 5))
    lineup.settle(learning(2, 3))
    expect(idsIn(lineup).sort()).toEqual([1, 2])
  })
})
