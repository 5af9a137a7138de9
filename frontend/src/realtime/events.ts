import type { Schema } from '@/api/http'

/** The frames of the socket, as CONTRACT and asyncapi.yaml name them. */

export type Counts = Schema<'NotificationCounts'>

/** What the entries of a user's log carry, by name. */
export interface LogMessages {
  'card.created': Schema<'CardEvent'>
  'card.updated': Schema<'CardEvent'>
  'card.deleted': Schema<'CardEvent'>
  'deck.created': Schema<'DeckEvent'>
  'deck.updated': Schema<'DeckEvent'>
  'deck.deleted': Schema<'DeckEvent'>
  'card.reviewed': Schema<'ReviewedEvent'>
  'schedule.updated': Schema<'ScheduleEvent'>
  'preset.updated': Schema<'PresetEvent'>
  'reminders.updated': Schema<'RemindersEvent'>
  'notification.created': Schema<'NotificationEvent'>
  'notification.updated': Schema<'NotificationEvent'>
  'notification.marked': Schema<'MarkedEvent'>
  'notification.recalled': Schema<'RecalledEvent'>
  'me.updated': Schema<'MeEvent'>
}
export type LogName = keyof LogMessages

/** One entry of the log: numbered, stored, delivered exactly once and in order. */
export type LogEvent<N extends LogName = LogName> = {
  [K in N]: { name: K; message: LogMessages[K]; seq: number; time: string; counts?: Counts }
}[N]

/** What stands beside the log: only who is connected hears it. */
export interface LiveFrame {
  name: string
  message: unknown
  seq?: undefined
  room?: string
  counts?: Counts
}

export interface Welcome {
  connection: string
  user: Schema<'User'>
  epoch: string
  head: number
  ping_seconds: number
  expires_at: string
}

export interface Bye {
  code: number
  reason: string
  reconnect: boolean
  after_ms?: number
}

/** A place in the log of one user. */
export interface Position {
  epoch: string
  seq: number
}

/** What people are told about the connection. */
export type Connection =
  | { kind: 'connecting' }
  | { kind: 'live' }
  /** Tries again at `at` (milliseconds since 1970). */
  | { kind: 'waiting'; at: number; offline: boolean }
  /** Does not try again by itself. */
  | { kind: 'ended'; code: number }
