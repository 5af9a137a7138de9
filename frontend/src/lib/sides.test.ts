import { describe, expect, it } from 'vitest'
import { askedFrom, askedTo } from './asked'
import { clozeMarked, sidesOf } from './sides'

const show = (text: string) => text.replaceAll(askedFrom, '‹').replaceAll(askedTo, '›')
const cloze = (Text: string, Extra = '') => sidesOf('cloze', { Text, Extra }).map(({ ord, question, answer }) => [ord, show(question), show(answer)])

describe('sidesOf', () => {
  it('a basic note is one card, a reversed one two', () => {
    expect(sidesOf('basic', { Front: 'hola', Back: 'hello' })).toEqual([{ ord: 0, question: 'hola', answer: 'hello' }])
    expect(sidesOf('reversed', { Front: 'hola', Back: 'hello' }).map((s) => s.question)).toEqual(['hola', 'hello'])
  })

  it('a cloze note is a card for each number, that asks for all of this number', () => {
    expect(cloze('{{c2::Madrid::city}} in {{c1::Spain}}, {{c2::capital}}')).toEqual([
      [0, 'Madrid in ‹[…]›, capital', 'Madrid in ‹Spain›, capital'],
      [1, '‹[city]› in Spain, ‹[…]›', '‹Madrid› in Spain, ‹capital›'],
    ])
  })

  it('shows outer and inner clozes each in its turn', () => {
    expect(cloze('{{c1::a {{c2::b}} c}}')).toEqual([
      [0, '‹[…]›', '‹a b c›'],
      [1, 'a ‹[…]› c', 'a ‹b› c'],
    ])
  })

  it('puts what is extra below the answer alone', () => {
    expect(cloze('{{c1::a}}\n', 'more')).toEqual([[0, '‹[…]›\n', '‹a›\n\nmore']])
    expect(cloze('{{c1::a}}', '  ')[0]).toEqual([0, '‹[…]›', '‹a›'])
  })

  it('is not fooled by the signs in a text', () => {
    expect(cloze(`${askedFrom}x${askedTo} {{c1::a}}`)[0]?.[1]).toBe('x ‹[…]›')
  })

  it('makes no card of a text without a cloze', () => {
    expect(cloze('nothing here')).toEqual([])
    expect(cloze('')).toEqual([])
  })
})

it('clozeMarked shows all answers', () => {
  expect(show(clozeMarked('{{c1::Madrid::city}} in {{c2::a {{c3::b}}}}'))).toBe('‹Madrid› in ‹a b›')
})
