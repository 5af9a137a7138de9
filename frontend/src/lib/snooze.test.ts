import { describe, expect, it } from 'vitest'
import { snoozes } from './snooze'
import { atHour, sameClock } from './wallTime'

const iso = (at: number) => new Date(at).toISOString()

describe('a time of the day elsewhere', () => {
  it.each([
    ['2026-05-13T06:00:00Z', 'Europe/Vienna', 19, 0, '2026-05-13T17:00:00.000Z'],
    ['2026-05-13T23:30:00Z', 'Europe/Vienna', 8, 1, '2026-05-15T06:00:00.000Z'], // there it is the 14th already
    ['2026-05-13T23:30:00Z', 'America/New_York', 8, 1, '2026-05-14T12:00:00.000Z'],
    ['2026-03-28T12:00:00Z', 'Europe/Vienna', 8, 1, '2026-03-29T06:00:00.000Z'], // over the change to summer time
    ['2026-10-24T12:00:00Z', 'Europe/Vienna', 8, 1, '2026-10-25T07:00:00.000Z'], // and back
    ['2026-10-25T00:30:00Z', 'Europe/Vienna', 8, 0, '2026-10-25T07:00:00.000Z'],
    ['2026-05-13T12:00:00Z', 'Asia/Kathmandu', 8, 1, '2026-05-14T02:15:00.000Z'],
    ['2026-05-13T12:00:00Z', 'UTC', 19, 0, '2026-05-13T19:00:00.000Z'],
  ])('seen at %s in %s: %d h, %d days on, is %s', (now, zone, hour, days, at) => {
    expect(iso(atHour(Date.parse(now), zone, hour, days))).toBe(at)
  })

  it('is the same in zones whose clocks agree all year', () => {
    const now = Date.parse('2026-01-15T12:00:00Z')
    expect(sameClock('Europe/Vienna', 'Europe/Berlin', now)).toBe(true)
    expect(sameClock('Europe/London', 'UTC', now)).toBe(false) // only in winter
    expect(sameClock('Asia/Tokyo', 'Europe/Vienna', now)).toBe(false)
  })
})

describe('putting off', () => {
  const at = (now: string) => snoozes(new Date(now), 'Europe/Vienna').map(({ key, minutes }) => [key, minutes])

  it('offers the evening while it is far, and always the next morning', () => {
    expect(at('2026-05-13T10:00:00Z')).toEqual([['minutes', 10], ['hour', 60], ['evening', 420], ['tomorrow', 1200]])
    expect(at('2026-05-13T15:45:00Z')).toEqual([['minutes', 10], ['hour', 60], ['tomorrow', 855]])
    expect(at('2026-05-13T21:59:30Z')).toEqual([['minutes', 10], ['hour', 60], ['tomorrow', 481]])
  })

  it('never ends before what it says, and never after the longest that the server takes', () => {
    for (let i = 0; i < 300; i++) {
      const now = Date.UTC(2026, 0, 1) + Math.floor(Math.random() * 365 * 86_400_000)
      for (const { minutes, until } of snoozes(new Date(now), 'America/New_York')) {
        expect(minutes).toBeGreaterThanOrEqual(1)
        expect(minutes).toBeLessThanOrEqual(10_080)
        expect(now + minutes * 60_000).toBeGreaterThanOrEqual(until?.getTime() ?? 0)
      }
    }
  })
})
