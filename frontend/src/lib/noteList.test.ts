import { describe, expect, it } from 'vitest'
import type { Note } from '@/api/note'
import { append, matches, upsert, without } from './noteList'

const note = (id: number, more: Partial<Note> = {}): Note => ({
  id, deck_id: 1, type: 'basic', fields: { Front: `front ${id}`, Back: `back ${id}` }, tags: [], created_at: '2026-01-01T00:00:00Z', updated_at: '2026-01-01T00:00:00Z', ...more,
}) // prettier-ignore
const ids = ({ items }: { items: Note[] }) => items.map(({ id }) => id)
const later = (fraction: string) => `2026-01-01T00:00:00${fraction}Z`

describe('upsert', () => {
  const list = { items: [note(9), note(5), note(3)], next: null }

  it('puts a new note where its place is, once however often it comes', () => {
    expect(ids(upsert(list, note(10)))).toEqual([10, 9, 5, 3])
    expect(ids(upsert(list, note(6)))).toEqual([9, 6, 5, 3])
    expect(ids(upsert(list, note(1)))).toEqual([9, 5, 3, 1])
    expect(ids(upsert(upsert(list, note(10)), note(10)))).toEqual([10, 9, 5, 3])
  })

  it('leaves to its page what lies behind the loaded part', () => {
    const part = { ...list, next: 'cursor' }
    expect(upsert(part, note(1))).toBe(part)
    expect(ids(upsert(part, note(4)))).toEqual([9, 5, 4, 3])
  })

  it('never lets an older form win, down to the last digit of the clock', () => {
    const fresh = upsert(list, note(5, { tags: ['new'], updated_at: later('.12') }))
    expect(fresh.items[1]?.tags).toEqual(['new'])
    expect(upsert(fresh, note(5))).toBe(fresh)
    expect(upsert(fresh, note(5, { updated_at: later('.119999') }))).toBe(fresh)
    expect(upsert(fresh, note(5, { tags: ['newer'], updated_at: later('.120001') })).items[1]?.tags).toEqual(['newer'])
  })
})

describe('append', () => {
  it('adds a page without what is here already', () => {
    const list = { items: [note(9), note(5)], next: 'a' }
    const page = { items: [note(5, { tags: ['x'], updated_at: later('.5') }), note(3)], next: 'b' }
    expect(ids(append(list, page))).toEqual([9, 5, 3])
    expect(append(list, page).next).toBe('b')
    expect(append(list, page).items[1]?.tags).toEqual(['x'])
  })
  it('keeps the newer form of both', () => {
    const list = { items: [note(5, { tags: ['x'], updated_at: later('.5') })], next: 'a' }
    expect(append(list, { items: [note(5)], next: null }).items[0]?.tags).toEqual(['x'])
  })
})

it('without takes one away, and is the same list when it is not there', () => {
  const list = { items: [note(9), note(5)], next: 'a' }
  expect(without(list, 9)).toEqual({ items: [note(5)], next: 'a' })
  expect(without(list, 1)).toBe(list)
})

describe('matches', () => {
  const one = note(1, { fields: { Front: 'Der ＳＴＲＡＮＤ', Back: 'the beach' }, tags: ['Noun', 'sea/side'] })
  const cloze = note(2, { type: 'cloze', fields: { Text: '{{c1::Madrid::city}} is here', Extra: 'in Spain' } })
  it.each([
    ['', true],
    ['strand', true],
    ['BEACH der', true],
    ['noun', true],
    ['tag:noun', true],
    ['tag:nou', false],
    ['tag:sea/side strand', true],
    ['mountain', false],
    ['beach mountain', false],
  ])('%j: %s', (q, expected) => expect(matches(one, q)).toBe(expected))

  it('finds words across the signs of a gap', () => {
    expect(matches(cloze, 'madrid spain')).toBe(true)
    expect(matches(cloze, 'c1::')).toBe(false)
  })
})
