import { http, read, type Schema } from './http'

/** Where the log stands now, and the counts of that same moment. */
export const logHead = () => read(http.GET('/api/v1/notifications', { params: { query: { limit: 1 } } }))

/** The log after a cursor, one page of it. */
export const listEvents = (epoch: string, since: number) =>
  read(http.GET('/api/v1/events', { params: { query: { epoch, since, limit: 200 } }, headers: { Accept: 'application/json' } })) as Promise<Schema<'EventPage'>>
