import { describe, expect, it } from 'vitest'
import { faultOf, figures, hasPlaceholder, isPictureHere, isSoundHere, picturesIn, placeholder, withoutStale, wordsOf } from './media'

const at = (ending: string) => `/api/v1/media/${'0f'.repeat(32)}.${ending}`

describe('addresses', () => {
  it('are told apart by what the file is', () => {
    expect(isPictureHere(at('png')) && isPictureHere(at('avif')) && isSoundHere(at('m4a'))).toBe(true)
    expect(isPictureHere(at('mp3')) || isSoundHere(at('png')) || isPictureHere(at('svg')) || isPictureHere(`${at('png')}x`) || isPictureHere(`\n${at('png')}`)).toBe(false)
  })

  it('are found in a text', () => {
    expect(`a ![b](${at('png')}) c ![](${at('mp3')}) ![d](https://elsewhere.example/x.png)`.replace(figures, '·')).toBe('a · c · ![d](https://elsewhere.example/x.png)')
    expect(picturesIn(`![b](${at('png')})![b](${at('png')}) ![](${at('mp3')}) [e](${at('gif')}) ![d](https://elsewhere.example/x.png)\n![](${at('webp')})`)).toEqual([at('png'), at('webp')])
  })
})

describe('faultOf', () => {
  it.each([
    [{ name: 'a.png', type: 'image/png', size: 1 }, undefined],
    [{ name: 'a', type: 'image/jpeg', size: 10 * 2 ** 20 }, undefined],
    [{ name: 'a', type: 'image/jpeg', size: 10 * 2 ** 20 + 1 }, 'largePicture'],
    [{ name: 'a', type: 'audio/mpeg', size: 20 * 2 ** 20 }, undefined],
    [{ name: 'a', type: 'audio/mpeg', size: 20 * 2 ** 20 + 1 }, 'largeSound'],
    [{ name: 'a.OPUS', type: '', size: 5 }, undefined],
    [{ name: 'a.flac', type: 'application/octet-stream', size: 5 }, undefined],
    [{ name: 'a.png', type: 'image/png', size: 0 }, 'empty'],
    [{ name: 'a.svg', type: 'image/svg+xml', size: 5 }, 'unknown'],
    [{ name: 'a.heic', type: 'image/heic', size: 5 }, 'unknown'],
    [{ name: 'a.pdf', type: 'application/pdf', size: 5 }, 'unknown'],
    [{ name: 'a.mp4', type: 'video/mp4', size: 5 }, 'unknown'],
    [{ name: 'folder', type: '', size: 4096 }, 'unknown'],
  ])('%j', (file, fault) => expect(faultOf(file)).toBe(fault))
})

describe('wordsOf', () => {
  it.each([
    ['cat.png', 'cat'],
    ['el perro (1).tar.gz', 'el perro 1 .tar'],
    ['IMG_2041.JPEG', 'IMG_2041'],
    ['猫.webp', '猫'],
    ['a](javascript:alert(1)).png', 'a javascript:alert 1'],
    ['{{c1::x}}$y$`z`<b>.png', 'c1 x y z b'],
    ['.png', ''],
    ['[].mp3', ''],
    [`${'x'.repeat(100)}.png`, `${'x'.repeat(60)}…`],
  ])('%j', (name, words) => expect(wordsOf(name)).toBe(words))
})

describe('placeholders', () => {
  it('are found, and those of nobody taken out', () => {
    const text = `a ${placeholder('x1', 'cat')} b ${placeholder('y2', 'dog')} [c](#uploading-z)`
    expect(hasPlaceholder(text)).toBe(true)
    expect(hasPlaceholder('[c](#uploading-z) ![d](#up)')).toBe(false)
    expect(withoutStale(text, (id) => id === 'y2')).toBe('a  b ![dog](#uploading-y2) [c](#uploading-z)')
  })
})
