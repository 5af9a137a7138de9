import { describe, expect, it } from 'vitest'
import { dayName, dayNames, daysAs, week } from './weekdays'

describe('the days of the week', () => {
  it('are all seven in the order of the language', () => {
    expect(week('en-US')).toEqual([7, 1, 2, 3, 4, 5, 6])
    expect(week('de-AT')).toEqual([1, 2, 3, 4, 5, 6, 7])
    expect(week('ar-EG')).toEqual([6, 7, 1, 2, 3, 4, 5])
    for (const locale of ['en', 'zh-CN']) expect(week(locale).toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7])
  })

  it('are called by their names', () => {
    expect([1, 6, 7].map((day) => dayName(day, 'en'))).toEqual(['Mon', 'Sat', 'Sun'])
    expect(dayName(1, 'zh-CN')).toBe('周一')
    expect(dayName(7, 'en', 'long')).toBe('Sunday')
  })

  it('are told apart in a row of several', () => {
    expect(dayNames([4, 2, 7], 'en')).toBe('Sun, Tue, Thu')
    expect(dayNames([4, 2], 'zh-CN')).toBe('周二、周四')
    expect(dayNames([3], 'zh-CN')).toBe('周三')
  })

  it.each([
    [[1, 2, 3, 4, 5, 6, 7], 'everyDay'],
    [[5, 4, 3, 2, 1], 'weekdays'],
    [[7, 6], 'weekend'],
    [[1], null],
    [[1, 2, 3, 4, 5, 6], null],
    [[], null],
  ])('%j are %s', (days, word) => {
    expect(daysAs(days)).toBe(word)
  })
})
