import { http, read, type Schema } from './http'

export type Statistics = Schema<'Statistics'>
export type AnswerDay = Schema<'AnswerDay'>
export type Bucket = Schema<'Bucket'>
export type Remembered = Schema<'Remembered'>

/** Of one deck, or of all when it is null; the last so many days one by one. */
export const getStatistics = (deck: number | null, days: number, signal?: AbortSignal) =>
  read(http.GET('/api/v1/statistics', { params: { query: { deck: deck ?? undefined, days } }, signal }))
