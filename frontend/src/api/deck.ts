import { done, http, keyed, read, type Schema } from './http'

export type Deck = Schema<'Deck'>
export type DeckInput = Schema<'DeckInput'>
export type DeckUpdate = Schema<'DeckUpdate'>
export type DeckRole = Schema<'DeckRole'>

/** All decks of the user: pages are the wire's matter, a person has tens of decks. */
export async function listDecks(signal?: AbortSignal): Promise<Deck[]> {
  const decks: Deck[] = []
  let after: string | undefined
  do {
    const page = await read(http.GET('/api/v1/decks', { params: { query: { limit: 200, after } }, signal }))
    decks.push(...page.items)
    after = page.next ?? undefined
  } while (after)
  return decks
}

export const getDeck = (id: number) => read(http.GET('/api/v1/decks/{id}', { params: { path: { id } } }))

export const createDeck = (body: DeckInput, key: string) => read(http.POST('/api/v1/decks', { params: { header: keyed(key) }, body }))

export const updateDeck = (id: number, body: DeckUpdate) => read(http.PATCH('/api/v1/decks/{id}', { params: { path: { id } }, body }))

/** With `keepalive` the request outlives the page. */
export const deleteDeck = (id: number, keepalive = false) => done(http.DELETE('/api/v1/decks/{id}', { params: { path: { id } }, keepalive }))
