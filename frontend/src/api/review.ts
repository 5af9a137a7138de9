import { done, http, read, type Schema } from './http'

export type Queue = Schema<'Queue'>
export type Reviewed = Schema<'Reviewed'>
export type DeckCounts = Schema<'DeckCounts'>
export type Rating = 1 | 2 | 3 | 4

/** The cards to study now. */
export const getQueue = (deck: number, limit: number) => read(http.GET('/api/v1/decks/{id}/queue', { params: { path: { id: deck }, query: { limit } } }))

/** Answers a card. Under the same `key` the first answer counts, and no second one. It outlives the page. */
export const answerCard = (card: number, body: Schema<'ReviewInput'>, signal?: AbortSignal) =>
  read(http.POST('/api/v1/cards/{id}/reviews', { params: { path: { id: card } }, body, signal, keepalive: true }))

/** Undoes the person's last answer; one that is not the last is refused. */
export const undoReview = (review: number, signal?: AbortSignal) => done(http.DELETE('/api/v1/reviews/{id}', { params: { path: { id: review } }, signal }))

/** Somebody sits before this deck: for a minute its learning cards don't ring. */
export const startStudying = (deck: number) => done(http.PUT('/api/v1/decks/{id}/studying', { params: { path: { id: deck } } }))

/** Nobody does any more. With `keepalive` the request outlives the page. */
export const stopStudying = (deck: number, keepalive = false) => done(http.DELETE('/api/v1/decks/{id}/studying', { params: { path: { id: deck } }, keepalive }))
