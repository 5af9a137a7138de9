import { PiniaColada, useQueryCache } from '@pinia/colada'
import { flushPromises, mount } from '@vue/test-utils'
import { createPinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, h, ref } from 'vue'
import * as deckApi from '@/api/deck'
import { ApiError } from '@/api/error'
import * as noteApi from '@/api/note'
import type { Note } from '@/api/note'
import { useDecks } from '@/composables/useDecks'
import { useNotes } from '@/composables/useNotes'
import { i18n, setLocale } from '@/i18n'
import { deckKeys, useDeckStore } from './deck'

const hear = vi.hoisted(() => new Map<string, (event: unknown) => void>())
vi.mock('./realtime', () => ({
  useRealtimeStore: () => ({ on: (name: string, listener: (event: unknown) => void) => (hear.set(name, listener), () => {}) }),
}))
vi.mock('@/api/deck')
vi.mock('@/api/note')

const deck = (id: number, name: string, total = 0): deckApi.Deck => ({
  id, name, description: '', role: 'owner', members: 1, created_at: '', updated_at: '', next_due_at: null, counts: { new: total, learning: 0, due: 0, total },
}) // prettier-ignore
const note = (id: number, front = `front ${id}`, updated = '2026-01-01T00:00:00Z'): Note => ({
  id, deck_id: 1, type: 'basic', fields: { Front: front, Back: '' }, tags: [], created_at: '', updated_at: updated,
}) // prettier-ignore

let seq = 0
const say = (name: string, message: object) => hear.get(name)?.({ name, seq: ++seq, time: '', message })
const sayCard = (name: string, one: Note) => say(name, { deck: { id: 1, name: 'Go' }, note: one, cards: [] })
const sayDeck = (name: string, id: number, called = 'Go', description = '') => say(name, { deck: { id, name: called, description } })

const pages: { unmount: () => void }[] = []
function open() {
  const q = ref('')
  let got!: { decks: ReturnType<typeof useDecks>; notes: ReturnType<typeof useNotes>; store: ReturnType<typeof useDeckStore>; cache: ReturnType<typeof useQueryCache> }
  const page = mount(
    defineComponent({
      setup() {
        useDecks() // another part of the page
        got = { decks: useDecks(), notes: useNotes(() => 1, q), store: useDeckStore(), cache: useQueryCache() }
        return () => h('div')
      },
    }),
    { global: { plugins: [createPinia(), PiniaColada, i18n] } },
  )
  pages.push(page)
  const ids = () => got.notes.notes.value.map(({ id }) => id)
  const names = () => got.decks.decks.value.map(({ name }) => name)
  return { ...got, q, ids, names, page }
}

/** An answer that the test gives when it wants. */
function later<T>() {
  let give!: (value: T) => void
  const promise = new Promise<T>((resolve) => (give = resolve))
  return { promise, give }
}

// No recount of one test may come in another.
afterEach(() => {
  for (const page of pages.splice(0)) page.unmount()
  vi.useRealTimers()
})
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  vi.clearAllMocks()
  hear.clear()
  await setLocale('en')
  vi.mocked(deckApi.listDecks).mockResolvedValue([deck(1, 'Go', 2), deck(2, 'Art')])
  vi.mocked(deckApi.getDeck).mockImplementation(async (id) => deck(id, id === 1 ? 'Go' : `deck ${id}`, 3))
  vi.mocked(noteApi.listNotes).mockResolvedValue({ items: [note(5), note(3)], next: null })
})

describe('the notes of a deck', () => {
  it('show a card that was made here once: by its answer and by its own event, whichever comes first', async () => {
    const { ids, store } = open()
    await flushPromises()
    store.noteChanged({ name: 'card.created', message: { note: note(7) } })
    sayCard('card.created', note(7))
    sayCard('card.created', note(8))
    store.noteChanged({ name: 'card.created', message: { note: note(8) } })
    expect(ids()).toEqual([8, 7, 5, 3])
  })

  it('follow changes and deletions, and ignore other decks', async () => {
    const { ids, notes } = open()
    await flushPromises()
    sayCard('card.updated', note(5, 'changed', '2026-01-02T00:00:00Z'))
    expect(notes.notes.value[0]?.fields.Front).toBe('changed')
    sayCard('card.updated', note(5, 'old', '2026-01-01T12:00:00Z'))
    expect(notes.notes.value[0]?.fields.Front).toBe('changed')
    sayCard('card.deleted', note(5))
    sayCard('card.deleted', note(5))
    sayCard('card.created', { ...note(9), deck_id: 2 })
    expect(ids()).toEqual([3])
  })

  it('lose nothing that is said while they are on their way', async () => {
    const answer = later<noteApi.NotePage>()
    vi.mocked(noteApi.listNotes).mockReturnValueOnce(answer.promise)
    const { ids } = open()
    await flushPromises()
    sayCard('card.created', note(7))
    sayCard('card.deleted', note(5))
    answer.give({ items: [note(5), note(3)], next: null })
    await flushPromises()
    expect(ids()).toEqual([7, 3])
  })

  it('take in a search what fits it, and keep what is in sight', async () => {
    const { ids, q } = open()
    q.value = 'front'
    await flushPromises()
    sayCard('card.created', note(7, 'something else'))
    sayCard('card.created', note(8, 'another front'))
    sayCard('card.updated', note(8, 'no longer', '2026-01-02T00:00:00Z'))
    expect(ids()).toEqual([8, 5, 3])
  })

  it('come page by page, each note once, also when one arrives or goes in between', async () => {
    vi.mocked(noteApi.listNotes).mockResolvedValueOnce({ items: [note(9), note(7)], next: 'c1' })
    const { ids, notes } = open()
    await flushPromises()
    const answer = later<noteApi.NotePage>()
    vi.mocked(noteApi.listNotes).mockReturnValueOnce(answer.promise)
    const more = notes.more()
    void notes.more()
    sayCard('card.created', note(10))
    sayCard('card.deleted', note(4))
    answer.give({ items: [note(7), note(5), note(4)], next: null })
    await more
    expect(ids()).toEqual([10, 9, 7, 5])
    expect(notes.hasMore.value).toBe(false)
    expect(noteApi.listNotes).toHaveBeenCalledTimes(2)
  })

  it('load as many again as were there, and keep them when that fails', async () => {
    vi.mocked(noteApi.listNotes).mockResolvedValueOnce({ items: Array.from({ length: 50 }, (_, i) => note(200 - i)), next: 'c1' })
    const { ids, notes } = open()
    await flushPromises()
    vi.mocked(noteApi.listNotes).mockResolvedValueOnce({ items: Array.from({ length: 30 }, (_, i) => note(150 - i)), next: 'c2' })
    await notes.more()
    expect(ids()).toHaveLength(80)
    await notes.reload()
    expect(vi.mocked(noteApi.listNotes).mock.lastCall?.[1]).toMatchObject({ limit: 80 })
    vi.mocked(noteApi.listNotes).mockRejectedValueOnce(new ApiError({ status: 0, code: 'network' }))
    const before = ids()
    await notes.reload()
    expect(ids()).toEqual(before)
    expect(notes.error.value).toBeInstanceOf(ApiError)
  })

  it('say that the next page failed, and get it on the second try', async () => {
    vi.mocked(noteApi.listNotes).mockResolvedValueOnce({ items: [note(9)], next: 'c1' })
    const { ids, notes } = open()
    await flushPromises()
    vi.mocked(noteApi.listNotes).mockRejectedValueOnce(new ApiError({ status: 0, code: 'network' }))
    await notes.more()
    expect(notes.moreError.value).toBeInstanceOf(ApiError)
    await notes.more()
    expect(ids()).toEqual([9, 5, 3])
    expect(notes.moreError.value).toBeNull()
  })
})

describe('the decks', () => {
  it('stand by name, and take a new name at once', async () => {
    const { names } = open()
    await flushPromises()
    expect(names()).toEqual(['Art', 'Go'])
    sayDeck('deck.updated', 1, 'A first deck')
    expect(names()).toEqual(['A first deck', 'Art'])
    sayDeck('deck.deleted', 2)
    sayDeck('deck.deleted', 2)
    expect(names()).toEqual(['A first deck'])
  })

  it('read a deck again that got cards: once for several, and only that one', async () => {
    const { decks } = open()
    await flushPromises()
    for (let i = 10; i < 15; i++) sayCard('card.created', note(i))
    await vi.advanceTimersByTimeAsync(1000)
    expect(vi.mocked(deckApi.getDeck).mock.calls).toEqual([[1]])
    expect(decks.decks.value.find(({ id }) => id === 1)?.counts.total).toBe(3)
  })

  it('show a deck that somebody shared, and drop one that is gone', async () => {
    const { names } = open()
    await flushPromises()
    sayDeck('deck.created', 3)
    vi.mocked(deckApi.getDeck).mockImplementation(async (id) => {
      if (id === 2) throw new ApiError({ status: 404, code: 'not_found' })
      return deck(id, 'Zoology')
    })
    sayDeck('deck.updated', 2, 'Art')
    await vi.advanceTimersByTimeAsync(1000)
    expect(names()).toEqual(['Go', 'Zoology'])
  })

  it('put together an answer and what was said before it came', async () => {
    const answer = later<deckApi.Deck[]>()
    vi.mocked(deckApi.listDecks).mockReturnValueOnce(answer.promise)
    const { names } = open()
    await flushPromises()
    sayDeck('deck.updated', 1, 'New name')
    sayDeck('deck.deleted', 2)
    answer.give([deck(1, 'Go'), deck(2, 'Art')])
    await flushPromises()
    expect(names()).toEqual(['New name'])
  })

  const counts = (n: number) => ({ new: n, learning: n + 1, due: n + 2, total: 9 })
  const countsOf = ({ decks }: ReturnType<typeof open>, id: number) => decks.decks.value.find((deck) => deck.id === id)?.counts

  it.each(['card.reviewed', 'schedule.updated', 'preset.updated'])('take the counts that %s brings along, and ask nobody', async (name) => {
    const here = open()
    await flushPromises()
    say(name, { card_id: 7, deck_id: 1, counts: counts(4) })
    expect(countsOf(here, 1)).toEqual(counts(4))
    expect(countsOf(here, 2)?.new).toBe(0)
    say(name, { card_id: 7, deck_id: 99, counts: counts(5) })
    await vi.advanceTimersByTimeAsync(1000)
    expect(countsOf(here, 1)).toEqual(counts(4))
    expect(deckApi.getDeck).not.toHaveBeenCalled()
    expect(deckApi.listDecks).toHaveBeenCalledOnce()
  })

  it('believe an event more than an older answer that comes after it', async () => {
    const list = later<deckApi.Deck[]>()
    vi.mocked(deckApi.listDecks).mockReturnValueOnce(list.promise)
    const here = open()
    say('card.reviewed', { card_id: 7, deck_id: 1, counts: counts(4) })
    list.give([deck(1, 'Go', 50)])
    await flushPromises()
    expect(countsOf(here, 1)).toEqual(counts(4))

    const one = later<deckApi.Deck>()
    vi.mocked(deckApi.getDeck).mockReturnValueOnce(one.promise)
    here.store.recount(1)
    await vi.advanceTimersByTimeAsync(1000)
    say('card.reviewed', { card_id: 7, deck_id: 1, counts: counts(3) })
    one.give(deck(1, 'Go', 50))
    await flushPromises()
    expect(countsOf(here, 1)).toEqual(counts(3))
  })

  it('are read again each minute, once for the page, only while it is in sight', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] })
    const { page } = open()
    await flushPromises()
    const before = vi.mocked(deckApi.listDecks).mock.calls.length
    await vi.advanceTimersByTimeAsync(59_000)
    expect(deckApi.listDecks).toHaveBeenCalledTimes(before)
    await vi.advanceTimersByTimeAsync(2_000)
    expect(deckApi.listDecks).toHaveBeenCalledTimes(before + 1)
    const sight = vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden')
    await vi.advanceTimersByTimeAsync(300_000)
    expect(deckApi.listDecks).toHaveBeenCalledTimes(before + 1)
    sight.mockReturnValue('visible')
    page.unmount()
    await vi.advanceTimersByTimeAsync(300_000)
    expect(deckApi.listDecks).toHaveBeenCalledTimes(before + 1)
  })

  it('are looked at anew when nobody looks while a card comes', async () => {
    const { cache, page, store } = open()
    await flushPromises()
    page.unmount()
    store.recount(1)
    expect(deckApi.getDeck).not.toHaveBeenCalled()
    expect(cache.get(deckKeys.all)?.stale).toBe(true)
  })
})
