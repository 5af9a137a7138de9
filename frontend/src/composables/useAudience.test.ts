import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { effectScope, ref, type EffectScope } from 'vue'
import { ApiError } from '@/api/error'
import * as api from '@/api/push'
import { useAudience } from './useAudience'

vi.mock('@/api/push')
vi.mock('./useErrorText', () => ({ useErrorText: () => () => 'Something went wrong' }))
const count = vi.mocked(api.countAudience)

const to = ref<api.Audience | null>(null)
let scope: EffectScope
let audience: ReturnType<typeof useAudience>
beforeEach(() => {
  vi.useFakeTimers()
  vi.resetAllMocks()
  to.value = null
  scope = effectScope()
  scope.run(() => (audience = useAudience(to)))
})
afterEach(() => {
  scope.stop()
  vi.useRealTimers()
})
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)

describe('counting an audience', () => {
  it('waits until nobody has changed it for a moment', async () => {
    count.mockResolvedValue({ audience: 2, online: 1 })
    to.value = { users: ['a'] }
    await pass(300)
    to.value = { users: ['ann'] }
    await pass(300)
    expect(count).not.toHaveBeenCalled()
    expect(audience.counting.value).toBe(true)
    await pass(100)
    expect(count).toHaveBeenCalledExactlyOnceWith({ users: ['ann'] }, expect.anything())
    expect(audience.count.value).toEqual({ audience: 2, online: 1 })
    expect(audience.counting.value).toBe(false)
  })

  it('believes the answer to the last question only', async () => {
    const answers: ((answer: api.PushPreview) => void)[] = []
    count.mockImplementation(() => new Promise((resolve) => answers.push(resolve)))
    to.value = { all: true }
    await pass(400)
    to.value = { online: true }
    await pass(400)
    answers[1]!({ audience: 1, online: 1 })
    answers[0]!({ audience: 9, online: 9 })
    await pass(0)
    expect(audience.count.value).toEqual({ audience: 1, online: 1 })
  })

  it('names those whom nobody knows', async () => {
    count.mockRejectedValue(new ApiError({ status: 422, code: 'validation_failed', fields: [{ field: 'to.users', message: 'unknown: bob' }] }))
    to.value = { users: ['ann', 'bob'] }
    await pass(400)
    expect(audience.unknown.value).toEqual(['bob'])
    expect(audience.count.value).toBeNull()
    to.value = { users: ['ann'] }
    await pass(0)
    expect(audience.unknown.value).toEqual([])
  })

  it('asks nothing without an audience, and forgets the last count', async () => {
    count.mockResolvedValue({ audience: 2, online: 1 })
    to.value = { all: true }
    await pass(400)
    to.value = null
    await pass(1000)
    expect(audience.count.value).toBeNull()
    expect(audience.counting.value).toBe(false)
    expect(count).toHaveBeenCalledTimes(1)
  })
})
