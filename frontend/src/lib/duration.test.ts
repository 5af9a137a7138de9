import { describe, expect, it } from 'vitest'
import { formatSteps, parseSteps } from './duration'

describe('steps', () => {
  it.each([
    ['1m 10m 1h 1d', [60, 600, 3600, 86400]],
    ['', []],
    ['  ', []],
    ['30s', [30]],
    ['1,10', [60, 600]],
    ['1M，10m、2H', [60, 600, 7200]],
    ['1.5h; 0.5m', [5400, 30]],
    ['24h', [86400]],
    ['1m '.repeat(10), Array(10).fill(60)],
  ])('%j are %j seconds', (text, seconds) => {
    expect(parseSteps(text)).toEqual(seconds)
  })

  it.each([
    ['1x', { problem: 'unknown', word: '1x' }],
    ['10m soon', { problem: 'unknown', word: 'soon' }],
    ['-1m', { problem: 'unknown', word: '-1m' }],
    ['1e9', { problem: 'unknown', word: '1e9' }],
    ['m', { problem: 'unknown', word: 'm' }],
    ['1m10m', { problem: 'unknown', word: '1m10m' }],
    ['0m', { problem: 'range', word: '0m' }],
    ['0.4s', { problem: 'range', word: '0.4s' }],
    ['365d', { problem: 'range', word: '365d' }],
    ['86401s', { problem: 'range', word: '86401s' }],
    ['1m '.repeat(11), { problem: 'many' }],
  ])('%j are refused: %j', (text, problem) => {
    expect(parseSteps(text)).toEqual(problem)
  })

  it('are shown in their largest whole unit, and read back as they were', () => {
    expect(formatSteps([60, 600, 3600, 86400, 90, 5400])).toBe('1m 10m 1h 1d 90s 90m')
    expect(formatSteps([])).toBe('')
    for (let i = 0; i < 500; i++) {
      const steps = Array.from({ length: i % 11 }, () => 1 + Math.floor(Math.random() * 86400))
      expect(parseSteps(formatSteps(steps))).toEqual(steps)
    }
  })
})
