import { describe, expect, it } from 'vitest'
import { channels, isQuiet, readPreferences } from './preferences'

const night = { on: true, from: '22:00', to: '07:00' }
const at = (time: string) => new Date(`2026-01-01T${time}:00Z`)

describe('quiet hours', () => {
  it.each([
    ['21:59', false],
    ['22:00', true],
    ['00:00', true],
    ['06:59', true],
    ['07:00', false],
    ['12:00', false],
  ])('over midnight: at %s %s', (time, quiet) => {
    expect(isQuiet(night, at(time), 'UTC')).toBe(quiet)
  })

  it.each([
    ['11:59', false],
    ['12:00', true],
    ['13:59', true],
    ['14:00', false],
  ])('at noon: at %s %s', (time, quiet) => {
    expect(isQuiet({ on: true, from: '12:00', to: '14:00' }, at(time), 'UTC')).toBe(quiet)
  })

  it('are those of the person, not of the machine', () => {
    expect(isQuiet(night, at('21:30'), 'Europe/Vienna')).toBe(true)
    expect(isQuiet(night, at('15:00'), 'Asia/Shanghai')).toBe(true)
    expect(isQuiet(night, at('23:00'), 'America/New_York')).toBe(false)
  })

  it('are those of the machine in a zone that it does not know', () => {
    const hours = { on: true, from: '00:00', to: '23:59' }
    expect(isQuiet(hours, at('12:00'), 'Mars/Olympus')).toBe(true)
  })

  it('are never when they are off, or end where they begin', () => {
    expect(isQuiet({ ...night, on: false }, at('23:00'), 'UTC')).toBe(false)
    expect(isQuiet({ on: true, from: '08:00', to: '08:00' }, at('08:00'), 'UTC')).toBe(false)
  })
})

describe('what is stored', () => {
  it('has defaults: toasts, no sound, no quiet', () => {
    expect(readPreferences()).toEqual({ theme: null, toast: {}, sound: {}, quiet: { on: false, from: '22:00', to: '07:00' }, muted_decks: [], shortcuts: true })
  })

  it('may be anything and never breaks the app', () => {
    const odd = { theme: 7, toast: [1], sound: { push: 'yes' }, quiet: { on: 1, from: '25:00', to: null }, muted_decks: ['x', 3], shortcuts: 0 }
    expect(readPreferences(odd)).toEqual({ ...readPreferences(), muted_decks: [3] })
  })
})

describe('the channels of an item', () => {
  const push = { kind: 'push', data: {} }
  const deck = { kind: 'deck.changed', data: { deck_id: 12, deck: 'Spanish' } }
  const noon = at('12:00')

  it('are a toast without a sound, unless somebody chose otherwise', () => {
    expect(channels(readPreferences(), push, noon, 'UTC')).toEqual({ toast: true, sound: false })
    expect(channels(readPreferences({ toast: { push: false }, sound: { push: true } }), push, noon, 'UTC')).toEqual({ toast: false, sound: true })
    expect(channels(readPreferences({ toast: { push: false } }), deck, noon, 'UTC')).toEqual({ toast: true, sound: false })
  })

  it('rest for a muted deck, and not for a push that happens to name it', () => {
    const muted = readPreferences({ muted_decks: [12], sound: { 'deck.changed': true } })
    expect(channels(muted, deck, noon, 'UTC')).toEqual({ toast: false, sound: false })
    expect(channels(muted, { kind: 'push', data: { deck_id: 12 } }, noon, 'UTC')).toEqual({ toast: true, sound: false })
    expect(channels(muted, { kind: 'deck.changed', data: { deck_id: 13 } }, noon, 'UTC').toast).toBe(true)
  })

  it('rest for the due cards of a muted deck, and not for a digest of several', () => {
    const muted = readPreferences({ muted_decks: [12] })
    expect(channels(muted, { kind: 'cards.due', data: { deck_id: 12, deck: 'Spanish', due: 3 } }, noon, 'UTC').toast).toBe(false)
    expect(channels(muted, { kind: 'cards.due', data: { due: 9, deck_count: 2, decks: [{ id: 12, name: 'Spanish', due: 5 }] } }, noon, 'UTC').toast).toBe(true)
  })

  it('rest in quiet hours', () => {
    expect(channels(readPreferences({ quiet: night, sound: { push: true } }), push, at('23:00'), 'UTC')).toEqual({ toast: false, sound: false })
  })
})
