import { describe, expect, it } from 'vitest'
import { groupByDay } from './days'

const dayIn = (timeZone: string) => (time: string) => new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(new Date(time))
const group = (timeZone: string, times: string[]) => groupByDay(times, (time) => time, dayIn(timeZone)).map(({ key, items }) => `${key}: ${items.length}`)

describe('days', () => {
  const evening = ['2026-01-02T00:30:00Z', '2026-01-01T23:30:00Z', '2026-01-01T09:00:00Z']

  it.each([
    ['UTC', ['2026-01-02: 1', '2026-01-01: 2']],
    ['Europe/Vienna', ['2026-01-02: 2', '2026-01-01: 1']],
    ['America/New_York', ['2026-01-01: 3']],
    ['Asia/Shanghai', ['2026-01-02: 2', '2026-01-01: 1']],
    ['Pacific/Kiritimati', ['2026-01-02: 2', '2026-01-01: 1']],
  ])('are those of %s', (zone, expected) => {
    expect(group(zone, evening)).toEqual(expected)
  })

  it('of 23 and 25 hours are one day each', () => {
    expect(group('Europe/Vienna', ['2026-03-29T21:59:00Z', '2026-03-28T23:00:00Z', '2026-03-28T22:59:00Z'])).toEqual(['2026-03-29: 2', '2026-03-28: 1'])
    expect(group('Europe/Vienna', ['2026-10-25T22:59:00Z', '2026-10-24T22:00:00Z', '2026-10-24T21:59:00Z'])).toEqual(['2026-10-25: 2', '2026-10-24: 1'])
  })

  it('are none without items', () => {
    expect(groupByDay([], String, String)).toEqual([])
  })
})
