import { describe, expect, it } from 'vitest'
import { formatWeights, parseWeights } from './weights'

const of = (n: number) => Array.from({ length: n }, (_, i) => i / 8)

describe('weights', () => {
  it('are read however they are separated', () => {
    for (const separator of [', ', ',', ' ', '\n', ';\t']) expect(parseWeights(of(21).join(separator))).toEqual(of(21))
    expect(parseWeights(`[${of(19).join(', ')}]\n`)).toEqual(of(19))
    expect(parseWeights(`${of(20).join(' ')} -1.5e-3`)).toEqual([...of(20), -0.0015])
    expect(parseWeights(`${of(20).join(' ')} .5`)).toEqual([...of(20), 0.5])
    expect(parseWeights(formatWeights(of(21)))).toEqual(of(21))
  })

  it.each(['', 'none', of(18).join(' '), of(20).join(' '), of(22).join(' '), `${of(20).join(' ')} NaN`, `${of(20).join(' ')} Infinity`, `${of(20).join(' ')} 0x10`, `${of(20).join(' ')} 1e999`])(
    'are not %j', (text) => {
      expect(parseWeights(text)).toBeNull()
    },
  ) // prettier-ignore
})
