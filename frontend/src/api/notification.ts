import { http, read, type Schema } from './http'

export type Notification = Schema<'Notification'>
export type NotificationFilter = Schema<'NotificationFilter'>
export type Mark = Schema<'MarkInput'>

export const listNotifications = (filter: NotificationFilter, before?: string, limit = 30) =>
  read(http.GET('/api/v1/notifications', { params: { query: { filter, before, limit } } }))

export const markNotifications = (body: Mark) => read(http.POST('/api/v1/notifications/mark', { body }))

/** Lets a `cards.due` come back after so many minutes, when cards are still due then. */
export const snoozeNotification = (id: string, minutes: number) => read(http.POST('/api/v1/notifications/{id}/snooze', { params: { path: { id } }, body: { minutes } }))
