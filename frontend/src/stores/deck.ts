import { useQueryCache } from '@pinia/colada'
import { acceptHMRUpdate, defineStore } from 'pinia'
import { getDeck, type Deck } from '@/api/deck'
import { isApiError } from '@/api/error'
import type { Schema } from '@/api/http'
import { matches, upsert, without, type NoteList } from '@/lib/noteList'
import type { LogEvent } from '@/realtime/events'
import { useRealtimeStore } from './realtime'

type CardName = 'card.created' | 'card.updated' | 'card.deleted'
type CardChange = { name: CardName; message: Pick<Schema<'CardEvent'>, 'note'> }
type DeckChange = LogEvent<'deck.updated' | 'deck.deleted'>
/** The deck's counts as they are now, for this person. */
type CountsChange = { message: { deck_id: number; counts: Deck['counts'] } }
type Change = CardChange | DeckChange | CountsChange

export const deckKeys = {
  all: ['decks'],
  one: (id: number) => ['decks', id],
  notes: (id: number, q?: string) => (q === undefined ? ['decks', id, 'notes'] : ['decks', id, 'notes', q]),
  note: (id: number, note: number) => ['decks', id, 'note', note],
  members: (id: number) => ['decks', id, 'members'],
}

// Several cards within a moment are one look at their deck.
const recountAfter = 400

/**
 * Keeps the loaded decks and notes as the log says they are. Every change may
 * arrive twice (an answer and its own event) and is applied so that it counts
 * once.
 */
export const useDeckStore = defineStore('deck', () => {
  const cache = useQueryCache()
  const realtime = useRealtimeStore()
  const listeners = new Set<(change: Change) => void>()
  const recounts = new Map<number, ReturnType<typeof setTimeout>>()

  /**
   * Loads, and then applies what was said in the meantime: the answer may be
   * older than an event that came before it.
   */
  async function hearing<T>(load: () => Promise<T>, apply: (data: T, change: Change) => T): Promise<T> {
    const said: Change[] = []
    const listen = (change: Change) => said.push(change)
    listeners.add(listen)
    try {
      const data = await load()
      return said.reduce(apply, data)
    } finally {
      listeners.delete(listen)
    }
  }

  /** A note was made, changed or deleted, here or elsewhere. */
  function noteChanged(change: CardChange) {
    for (const listen of listeners) listen(change)
    const { note } = change.message
    for (const entry of cache.getEntries({ key: deckKeys.notes(note.deck_id) })) {
      const list = entry.state.value.data as NoteList | undefined
      if (list) cache.setQueryData(entry.key, applyToNotes(list, change, String(entry.key[3] ?? '')))
    }
    if (cache.get(deckKeys.note(note.deck_id, note.id))) cache.setQueryData(deckKeys.note(note.deck_id, note.id), change.name === 'card.deleted' ? null : note)
  }

  function patchDecks(patch: (decks: Deck[]) => Deck[]) {
    const decks = cache.getQueryData<Deck[]>(deckKeys.all)
    if (decks) cache.setQueryData(deckKeys.all, patch(decks))
  }

  /** The deck as an answer of the server has it. */
  function deckChanged(deck: Deck) {
    patchDecks((decks) => (decks.some(({ id }) => id === deck.id) ? decks.map((old) => (old.id === deck.id ? deck : old)) : [...decks, deck]))
  }

  function deckGone(id: number) {
    patchDecks((decks) => decks.filter((deck) => deck.id !== id))
  }

  /** The counts as an answer or an event has them: absolute, so that the last one said is right. */
  function countsChanged(change: CountsChange) {
    for (const listen of listeners) listen(change)
    patchDecks((decks) => applyToDecks(decks, change))
  }

  /**
   * What a card that comes or goes makes of the counts, only the server knows:
   * they are the caller's own, and the day's limits are in them. Role and number
   * of members are not in the log at all. So the one deck is read again.
   */
  function recount(id: number) {
    const entry = cache.get(deckKeys.all)
    if (!entry) return
    if (!entry.active) return cache.invalidate(entry)
    if (recounts.has(id)) return
    const wait = recountAfter + Math.random() * recountAfter // not all members in the same moment
    recounts.set(id, setTimeout(() => (recounts.delete(id), void reload(id)), wait))
  }

  async function reload(id: number) {
    try {
      const [deck] = await hearing(async () => [await getDeck(id)], applyToDecks)
      if (deck) deckChanged(deck)
    } catch (error) {
      if (isApiError(error, 'not_found')) deckGone(id)
      else void cache.invalidateQueries({ key: deckKeys.all, exact: true }, false)
    }
  }

  for (const name of ['card.created', 'card.updated', 'card.deleted'] as const) {
    realtime.on(name, (event) => {
      noteChanged(event)
      recount(event.message.deck.id)
    })
  }
  for (const name of ['card.reviewed', 'schedule.updated', 'preset.updated'] as const) realtime.on(name, countsChanged)
  realtime.on('deck.created', ({ message: { deck } }) => {
    void cache.invalidateQueries({ key: deckKeys.one(deck.id) })
    recount(deck.id)
  })
  realtime.on('deck.updated', (event) => {
    for (const listen of listeners) listen(event)
    patchDecks((decks) => applyToDecks(decks, event))
    recount(event.message.deck.id)
    void cache.invalidateQueries({ key: deckKeys.members(event.message.deck.id) })
  })
  realtime.on('deck.deleted', (event) => {
    for (const listen of listeners) listen(event)
    patchDecks((decks) => applyToDecks(decks, event))
  })
  // After a reset main.ts loads everything again.

  return { hearing, noteChanged, deckChanged, deckGone, recount }
})

/** What one change makes of a loaded list of notes that was searched for `q`. */
export function applyToNotes(list: NoteList, change: Change, q: string): NoteList {
  if (!isOfCard(change)) return list
  const { note } = change.message
  if (change.name === 'card.deleted') return without(list, note.id)
  // One that is in sight stays, even when it no longer fits the search: nothing jumps away.
  return list.items.some(({ id }) => id === note.id) || matches(note, q) ? upsert(list, note) : list
}

const isOfCard = (change: Change): change is CardChange => 'note' in change.message
const isOfCounts = (change: Change): change is CountsChange => 'counts' in change.message

export function applyToDecks(decks: Deck[], change: Change): Deck[] {
  if (isOfCard(change)) return decks
  if (isOfCounts(change)) {
    const { deck_id, counts } = change.message
    return decks.map((deck) => (deck.id === deck_id ? { ...deck, counts } : deck))
  }
  const said = change.message.deck
  if (change.name === 'deck.deleted') return decks.filter(({ id }) => id !== said.id)
  return decks.map((deck) => (deck.id === said.id ? { ...deck, name: said.name, description: said.description } : deck))
}

if (import.meta.hot) import.meta.hot.accept(acceptHMRUpdate(useDeckStore, import.meta.hot))
