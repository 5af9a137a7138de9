import type { Theme } from '@/composables/useTheme'

/** The kinds of notification, in the order of the settings page. */
export const kinds = ['cards.due', 'deck.changed', 'deck.shared', 'push'] as const
export type Kind = (typeof kinds)[number]
export const isKind = (kind: string): kind is Kind => (kinds as readonly string[]).includes(kind)

/** Hours of the day, in the user's time zone, in which nothing pops up or sounds. */
export interface Quiet {
  on: boolean
  from: string
  to: string
}

export interface Preferences {
  theme: Theme | null
  /** Kinds without an entry have toasts. */
  toast: Record<string, boolean>
  /** Kinds without an entry have no sound. */
  sound: Record<string, boolean>
  quiet: Quiet
  muted_decks: number[]
  /** Whether single letters are commands on lists and cards. */
  shortcuts: boolean
}

/** What the server stores is any JSON: what is missing or of another shape has its default. */
export function readPreferences(stored: Record<string, unknown> = {}): Preferences {
  const quiet = record(stored.quiet)
  const time = (value: unknown, otherwise: string) => (typeof value === 'string' && /^([01]\d|2[0-3]):[0-5]\d$/.test(value) ? value : otherwise)
  return {
    theme: stored.theme === 'light' || stored.theme === 'dark' || stored.theme === 'auto' ? stored.theme : null,
    toast: switches(stored.toast),
    sound: switches(stored.sound),
    quiet: { on: quiet.on === true, from: time(quiet.from, '22:00'), to: time(quiet.to, '07:00') },
    muted_decks: Array.isArray(stored.muted_decks) ? stored.muted_decks.filter((id) => Number.isSafeInteger(id)) : [],
    shortcuts: stored.shortcuts !== false,
  }
}

const record = (value: unknown) => (typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {})
const switches = (value: unknown) => Object.fromEntries(Object.entries(record(value)).filter((entry): entry is [string, boolean] => typeof entry[1] === 'boolean'))

/** Whether it is quiet at this moment: from 22:00 to 07:00 goes over midnight; equal ends mean never. */
export function isQuiet(quiet: Quiet, at: Date, timeZone: string | undefined): boolean {
  if (!quiet.on) return false
  const now = clock(at, timeZone)
  return quiet.from <= quiet.to ? quiet.from <= now && now < quiet.to : now >= quiet.from || now < quiet.to
}

function clock(at: Date, timeZone: string | undefined): string {
  try {
    return new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at)
  } catch {
    return clock(at, undefined) // a zone that this browser does not know
  }
}

// The data of these is the server's word; a push may carry anything in it.
const speaksOfDeck = /^(deck\.|cards\.due$)/

/** The deck that a notification speaks of; a digest speaks of several, and so of none. */
export function deckOf(item: { kind: string; data: Record<string, unknown> }): { id: number; name: string } | null {
  const { deck_id, deck } = item.data
  return speaksOfDeck.test(item.kind) && typeof deck_id === 'number' ? { id: deck_id, name: typeof deck === 'string' ? deck : '' } : null
}

/** Whether this item may pop up, and whether it may sound, at this moment. */
export function channels(preferences: Preferences, item: { kind: string; data: Record<string, unknown> }, at: Date, timeZone: string | undefined) {
  const deck = deckOf(item)
  const silent = isQuiet(preferences.quiet, at, timeZone) || (deck !== null && preferences.muted_decks.includes(deck.id))
  return { toast: !silent && preferences.toast[item.kind] !== false, sound: !silent && preferences.sound[item.kind] === true }
}
