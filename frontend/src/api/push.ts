import { http, keyed, read, type Schema } from './http'

export type Push = Schema<'Push'>
export type Audience = Schema<'Audience'>
export type PushPreview = Schema<'PushPreview'>
export type PushReceipt = Schema<'PushReceipt'>

export const listPushes = (after?: string) => read(http.GET('/api/v1/admin/pushes', { params: { query: { after, limit: 30 } } }))

export const sendPush = (body: Schema<'PushInput'>, key: string) =>
  read(http.POST('/api/v1/admin/pushes', { params: { header: keyed(key) }, body })) as Promise<PushReceipt>

/** How many a push would reach. Nothing is sent or stored. */
export const countAudience = (to: Audience, signal?: AbortSignal) =>
  read(http.POST('/api/v1/admin/pushes', { body: { to, title: '-', body: '', dry_run: true }, signal })) as Promise<PushPreview>
