import { describe, expect, it } from 'vitest'
import { addDays, calendarWeeks, dayAt, dayNumber, firstWeekday, spans, weekday, weekStartOf } from './days'

describe('days', () => {
  it('are counted without a time zone, over leap days and changes of the clocks', () => {
    expect(addDays('2026-03-28', 2)).toBe('2026-03-30')
    expect(addDays('2028-02-28', 1)).toBe('2028-02-29')
    expect(addDays('2026-01-01', -1)).toBe('2025-12-31')
    for (let n = -400; n < 40_000; n += 13) expect(dayNumber(dayAt(n))).toBe(n)
  })

  it('know their weekday', () => {
    expect(weekday(dayNumber('2026-11-21'))).toBe(6)
    expect(weekday(dayNumber('1970-01-01'))).toBe(4)
    expect(weekday(dayNumber('1969-12-28'))).toBe(7)
    expect(dayAt(weekStartOf(dayNumber('2026-11-21'), 1))).toBe('2026-11-16')
    expect(dayAt(weekStartOf(dayNumber('2026-11-21'), 7))).toBe('2026-11-15')
    expect(dayAt(weekStartOf(dayNumber('2026-11-22'), 7))).toBe('2026-11-22')
    expect(dayAt(weekStartOf(dayNumber('2026-11-21'), 6))).toBe('2026-11-21')
  })

  it.each([
    ['en', [], 7],
    ['en', ['en-GB', 'en'], 1],
    ['en', ['de-AT', 'en-US'], 7],
    ['zh-CN', ['en-US'], 1],
    ['zh-CN', ['zh-TW'], 7],
  ] as const)('begin weeks as people there do: %s, %j', (locale, spoken, first) => {
    expect(firstWeekday(locale, spoken)).toBe(first)
  })
})

describe('calendarWeeks', () => {
  it.each([1, 6, 7])('end with the week of today, whole weeks beginning on %i', (first) => {
    for (let n = dayNumber('2026-01-01'); n < dayNumber('2027-01-15'); n++) {
      const weeks = calendarWeeks(dayAt(n), 53, first)
      expect(weeks).toHaveLength(53)
      expect(weeks.every(({ start }, at) => weekday(start) === first && (at === 0 || start === weeks[at - 1]!.start + 7))).toBe(true)
      expect(n - weeks.at(-1)!.start).toBeGreaterThanOrEqual(0)
      expect(n - weeks.at(-1)!.start).toBeLessThan(7)
    }
  })

  it('name each month once, above the week that has its first day', () => {
    const weeks = calendarWeeks('2026-11-21', 53, 1)
    const named = weeks.filter(({ month }) => month)
    expect(named.map(({ month }) => month!.slice(0, 7))).toEqual(['2025-12', '2026-01', '2026-02', '2026-03', '2026-04', '2026-05', '2026-06', '2026-07', '2026-08', '2026-09', '2026-10', '2026-11'])
    for (const { start, month } of named) {
      expect(dayNumber(month!) - start).toBeGreaterThanOrEqual(0)
      expect(dayNumber(month!) - start).toBeLessThan(7)
    }
  })

  it('leave out a name that has no room at the end', () => {
    expect(calendarWeeks('2026-11-04', 10, 1).filter(({ month }) => month).map(({ month }) => month)).not.toContain('2026-11-01')
  })
})

describe('spans', () => {
  it('cover every day once, whatever the unit', () => {
    for (const unit of ['day', 'week', 'month'] as const) {
      const list = spans('2025-11-22', '2026-11-21', unit, 1)
      expect(list[0]!.from).toBe('2025-11-22')
      expect(list.at(-1)!.to).toBe('2026-11-21')
      list.slice(1).forEach(({ from }, n) => expect(from).toBe(addDays(list[n]!.to, 1)))
    }
    expect(spans('2025-11-22', '2026-11-21', 'day')).toHaveLength(365)
    expect(spans('2025-11-22', '2026-11-21', 'month').map(({ from }) => from.slice(8))).toEqual(['22', ...Array.from({ length: 12 }, () => '01')])
    expect(spans('2026-11-16', '2026-11-21', 'week', 1)).toEqual([{ from: '2026-11-16', to: '2026-11-21' }])
    expect(spans('2026-11-22', '2026-11-21', 'day')).toEqual([])
  })
})
