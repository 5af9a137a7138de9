import { describe, expect, it, vi } from 'vitest'
import { ApiError } from '@/api/error'
import { useSendQueue, type Waiting } from './useSendQueue'

const lost = () => new ApiError({ status: 0, code: 'network' })

function queue(more: Partial<Parameters<typeof useSendQueue<string, string>>[0]> = {}) {
  const log: string[] = []
  const keys: string[] = []
  const kept: { waiting: Waiting<string>[]; back: Waiting<string> | undefined } = { waiting: [], back: undefined }
  const answers: (() => void)[] = []
  let failing = 0
  const send = vi.fn(async (item: string, key: string) => {
    keys.push(key)
    await new Promise<void>((resolve) => answers.push(resolve))
    if (failing > 0) {
      failing--
      throw lost()
    }
    return item
  })
  const made = useSendQueue<string, string>({
    send,
    sent: (item) => log.push(item),
    takeBack: () => false,
    keep: (waiting, back) => Object.assign(kept, { waiting, back }),
    ...more,
  })
  /** Lets everything that is under way be answered. */
  const answer = async () => {
    for (let i = 0; i < 20; i++) {
      answers.shift()?.()
      await Promise.resolve()
      await Promise.resolve()
    }
  }
  return { ...made, send, log, keys, kept, answer, fail: (times: number) => (failing = times) }
}

describe('a queue of things to send', () => {
  it('sends one after the other, in order, while more come', async () => {
    const q = queue()
    void q.add('a')
    void q.add('b')
    expect(q.send).toHaveBeenCalledTimes(1)
    void q.add('c')
    await q.answer()
    expect(q.log).toEqual(['a', 'b', 'c'])
    expect(new Set(q.keys).size).toBe(3)
    expect(q.waiting.value).toEqual([])
    expect(q.running.value).toBe(false)
  })

  it('stops at a failure and goes on with the same key, in order', async () => {
    const q = queue()
    q.fail(1)
    void q.add('a')
    void q.add('b')
    await q.answer()
    expect(q.error.value).toBeInstanceOf(ApiError)
    expect(q.kept.waiting.map(({ item }) => item)).toEqual(['a', 'b'])
    void q.run()
    await q.answer()
    expect(q.log).toEqual(['a', 'b'])
    expect(q.keys[0]).toBe(q.keys[1])
    expect(q.error.value).toBeNull()
  })

  it('hands back what failed alone, and knows it when it comes again', async () => {
    const q = queue({ takeBack: () => true })
    q.fail(2)
    void q.add('a')
    await q.answer()
    expect(q.waiting.value).toEqual([])
    expect(q.error.value).toBeNull()
    expect(q.kept.back?.item).toBe('a')
    void q.add('a')
    await q.answer()
    void q.add('a changed')
    await q.answer()
    expect(q.keys[1]).toBe(q.keys[0])
    expect(q.keys[2]).not.toBe(q.keys[0])
    expect(q.kept.back).toBeUndefined()
    expect(q.log).toEqual(['a changed'])
  })

  it('goes on where another visit to the page stopped', async () => {
    const q = queue({ waiting: [{ item: 'a', key: 'k1' }], back: { item: 'b', key: 'k2' } })
    void q.run()
    void q.add('b')
    await q.answer()
    expect(q.keys).toEqual(['k1', 'k2'])
  })

  it('lets one be taken out to be changed', async () => {
    const q = queue()
    q.fail(1)
    void q.add('a')
    void q.add('b')
    await q.answer()
    expect(q.takeOut(q.waiting.value[0]!)).toBe('a')
    void q.run()
    await q.answer()
    expect(q.log).toEqual(['b'])
    void q.add('a')
    await q.answer()
    expect(q.log).toEqual(['b', 'a'])
  })
})
