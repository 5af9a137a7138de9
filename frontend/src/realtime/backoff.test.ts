import { describe, expect, it } from 'vitest'
import { backoff } from './backoff'

describe('backoff', () => {
  it.each([
    [0, 0, 500],
    [0, 1, 1000],
    [3, 0, 500],
    [3, 1, 4500],
    [3, 0.5, 2500],
    [6, 1, 20_000],
    [40, 1, 20_000],
    [2000, 1, 20_000],
    [2000, 0, 500],
  ])('after %d failures and with luck %d waits %d ms', (failures, luck, ms) => {
    expect(backoff(failures, () => luck)).toBe(ms)
  })
})
