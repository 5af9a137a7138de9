import { describe, expect, it } from 'vitest'
import { hasHan, length, plain } from './text'

describe('plain', () => {
  it.each([
    ['hola', 'hola'],
    ['**hola** *mundo* ~~no~~', 'hola mundo no'],
    ['***both*** __b__ _i_', 'both b i'],
    ['snake_case_name 2*3*4', 'snake_case_name 2*3*4'],
    ['# Title\n\n- one\n- two\n1. three', 'Title one two three'],
    ['> quote', 'quote'],
    ['[a link](https://example.org "t") ![pic](x.png)', 'a link pic'],
    ['```js\nlet a\n```', 'let a'],
    ['`code`', 'code'],
    ['a\n\n---\n\nb', 'a b'],
    ['| a | b |\n|---|:-:|\n| c | d |', 'a · b c · d'],
    ['| | |\n|---|---|\n| yo | soy |', 'yo · soy'],
    ['| a | b |\n|:-:|--:|\n| c | d |', 'a · b c · d'],
    ['a | b', 'a · b'],
    ['Setext\n---', 'Setext'],
    ['a|b ||c', 'a|b ||c'],
    ['\\*not italic\\*', '*not italic*'],
    ['<script>x</script>', '<script>x</script>'],
    ['  多  空格 ', '多 空格'],
  ])('%j', (source, expected) => expect(plain(source)).toBe(expected))

  it('cuts, never within a character', () => {
    expect(plain('😀😀😀', 3)).toBe('😀…')
    expect(plain('abc', 3)).toBe('abc')
  })

  it('stays quick with what is hostile', () => {
    const start = performance.now()
    for (const piece of ['*', '[', '_a', '**a', '`', '|-', '~~', '- ', '\\', '![']) plain(piece.repeat(20_000))
    expect(performance.now() - start).toBeLessThan(1000)
  })
})

it('counts characters as people do', () => {
  expect(length('a😀中')).toBe(3)
})

it('knows Han', () => {
  expect(hasHan('abc')).toBe(false)
  expect(hasHan('abc 中')).toBe(true)
  expect(hasHan('かな')).toBe(true)
})
