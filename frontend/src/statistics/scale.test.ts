import { describe, expect, it } from 'vitest'
import { everyNth, levelOf, percent, textWidth, thresholds, ticks } from './scale'

describe('ticks', () => {
  it.each([
    [0, [0, 1]],
    [1, [0, 1]],
    [3, [0, 1, 2, 3]],
    [4, [0, 1, 2, 3, 4]],
    [5, [0, 2, 4, 6]],
    [17, [0, 5, 10, 15, 20]],
    [100, [0, 50, 100]],
    [1234, [0, 500, 1000, 1500]],
    [0.4, [0, 1]],
  ])('of %f are %j', (max, want) => expect(ticks(max)).toEqual(want))

  it('reach the largest value with at most five lines, all of them whole', () => {
    for (let max = 1; max < 100_000; max = Math.ceil(max * 1.07)) {
      const list = ticks(max)
      expect(list.at(-1)).toBeGreaterThanOrEqual(max)
      expect(list.length).toBeLessThanOrEqual(5)
      expect(list.every(Number.isInteger)).toBe(true)
    }
    expect(ticks(Number.NaN)).toEqual([0, 1])
  })
})

describe('levels', () => {
  it('are none for nothing, and four for what there is', () => {
    const steps = thresholds([0, 1, 10, 20, 30, 40, 50, 60, 1000])
    expect([0, 1, 20, 40, 60, 1000].map((value) => levelOf(value, steps))).toEqual([0, 1, 2, 3, 4, 4])
  })

  it('go up even where all days are alike or few', () => {
    for (const values of [[], [1], [5, 5, 5], [1, 2], [1, 1, 1, 2, 2, 3]]) {
      const [second, third, fourth] = thresholds(values)
      expect(second).toBeGreaterThan(1)
      expect(third).toBeGreaterThan(second)
      expect(fourth).toBeGreaterThan(third)
      for (const value of values) expect(levelOf(value, [second, third, fourth])).toBeGreaterThanOrEqual(1)
    }
  })
})

describe('percent', () => {
  it.each([
    [0, 0, 0],
    [0, 5, 0],
    [1, 1000, 1],
    [999, 1000, 99],
    [5, 5, 100],
    [1, 3, 33],
    [3, 0, 0],
  ])('%i of %i is %i %', (part, whole, want) => expect(percent(part, whole)).toBe(want))
})

describe('labels', () => {
  it('are left out as far as they would touch', () => {
    expect(everyNth(10, 1000, 50)).toBe(1)
    expect(everyNth(90, 400, 50)).toBe(12)
    expect(everyNth(5, 0, 50)).toBe(250)
  })

  it('take twice the room in Chinese', () => expect(textWidth('11月2日')).toBeGreaterThan(textWidth('11x2x') + 10))
})
