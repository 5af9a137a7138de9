import { afterEach, describe, expect, it, vi } from 'vitest'
import { fetchAhead } from './ahead'

const prepare = vi.hoisted(() => vi.fn(async (_text: string) => {}))
vi.mock('@/lib/markdown', () => ({ prepare }))

const fetched: string[] = []
class Picture {
  set src(address: string) {
    fetched.push(address)
  }
}

afterEach(() => {
  vi.unstubAllGlobals()
  fetched.length = 0
})

describe('what cards need besides their text', () => {
  it('is fetched before they are asked: the pictures of the next ten, and what shows the texts of all', async () => {
    vi.stubGlobal('Image', Picture)
    const address = (n: number) => `/api/v1/media/${String(n).padStart(64, '0')}.png`
    const cards = Array.from({ length: 12 }, (_, n) => ({ question: `q${n}`, answer: `![a](${address(n)})` }))
    await fetchAhead(cards)
    expect(fetched).toEqual(Array.from({ length: 10 }, (_, n) => address(n)))
    expect(prepare).toHaveBeenCalledOnce()
    for (const { question, answer } of cards) expect(prepare.mock.calls[0]![0]).toContain(`${question}\n${answer}`)
  })
})
