import { describe, expect, it } from 'vitest'
import { covers, marked, matches, place, recount } from './mark'
import { make } from './testing'

const at = '2026-03-01T00:00:00Z'
const was = '2026-01-05T00:00:00Z'

describe('an item after a mark', () => {
  it.each([
    ['seen', { seen: true }, { seen_at: at, read_at: null, archived_at: null }],
    ['read is seen too', { read: true }, { seen_at: at, read_at: at, archived_at: null }],
    ['archived is seen, but not read', { archived: true }, { seen_at: at, read_at: null, archived_at: at }],
    ['unread stays unread', { read: false }, { seen_at: null, read_at: null, archived_at: null }],
  ])('%s', (_, mark, expected) => {
    expect(marked(make(1), mark, at)).toMatchObject(expected)
  })

  it('keeps the time of the first mark, and its own identity', () => {
    const item = make(1, { seen_at: was, read_at: was })
    expect(marked(item, { seen: true, read: true }, at)).toBe(item)
    expect(marked(item, { archived: true }, at)).toMatchObject({ seen_at: was, read_at: was, archived_at: at })
  })

  it('can be unread again', () => {
    expect(marked(make(1, { seen_at: was, read_at: was }), { read: false }, at)).toMatchObject({ seen_at: was, read_at: null })
  })
})

describe('whom a mark covers', () => {
  it('is by number, not by letters', () => {
    expect(place('1-10')).toBe(10)
    expect(covers({ up_to: '1-10' }, '1-9')).toBe(true)
    expect(covers({ up_to: '1-9' }, '1-10')).toBe(false)
    expect(covers({ ids: ['1-9'] }, '1-9')).toBe(true)
    expect(covers({ ids: ['1-9'] }, '1-8')).toBe(false)
  })
})

describe('the lists', () => {
  it('show what is theirs', () => {
    const archived = make(1, { archived_at: was })
    const read = make(2, { read_at: was })
    expect(['all', 'unread', 'archived'].map((f) => matches(archived, f as never))).toEqual([false, false, true])
    expect(['all', 'unread', 'archived'].map((f) => matches(read, f as never))).toEqual([true, false, false])
  })
})

describe('the counts', () => {
  it('follow an item, and never fall below nothing', () => {
    const counts = { unread: 2, unseen: 1 }
    expect(recount(counts, make(1), make(1, { read_at: at, seen_at: at }))).toEqual({ unread: 1, unseen: 0 })
    expect(recount(counts, make(1, { seen_at: at }), make(1, { seen_at: at, archived_at: at }))).toEqual({ unread: 1, unseen: 1 })
    expect(recount({ unread: 0, unseen: 0 }, make(1), undefined)).toEqual({ unread: 0, unseen: 0 })
  })
})
