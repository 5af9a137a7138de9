import { http, read, type Schema } from './http'

export type Card = Schema<'Card'>
export type CardState = Schema<'CardState'>
export type CardUpdate = Schema<'CardUpdate'>
export type CardReview = Schema<'Review'>

export const getCard = (id: number, signal?: AbortSignal) => read(http.GET('/api/v1/cards/{id}', { params: { path: { id } }, signal }))

/** Suspends, buries, flags: for the caller alone. */
export const updateCard = (id: number, body: CardUpdate) => read(http.PATCH('/api/v1/cards/{id}', { params: { path: { id } }, body }))

/** The caller's own answers, newest first. */
export const listCardReviews = (id: number, after?: string, limit = 20) =>
  read(http.GET('/api/v1/cards/{id}/reviews', { params: { path: { id }, query: { after, limit } } }))
