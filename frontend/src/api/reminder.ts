import { done, http, keyed, read, type Schema } from './http'

export type Reminder = Schema<'Reminder'>
export type ReminderInput = Schema<'ReminderInput'>
export type ReminderUpdate = Schema<'ReminderUpdate'>

export const listReminders = async (signal?: AbortSignal): Promise<Reminder[]> => (await read(http.GET('/api/v1/reminders', { signal }))).items

export const createReminder = (body: ReminderInput, key: string) => read(http.POST('/api/v1/reminders', { params: { header: keyed(key) }, body }))

export const updateReminder = (id: number, body: ReminderUpdate) => read(http.PATCH('/api/v1/reminders/{id}', { params: { path: { id } }, body }))

export const deleteReminder = (id: number, keepalive = false) => done(http.DELETE('/api/v1/reminders/{id}', { params: { path: { id } }, keepalive }))
