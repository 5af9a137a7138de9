import { afterEach, describe, expect, it, vi } from 'vitest'
import { figureFailed, figureLoaded, keepSize, settleFigures } from './figure'

function part(...figures: HTMLElement[]): HTMLElement {
  const root = document.createElement('div')
  root.append(...figures)
  return root
}
function figure(tag: 'img' | 'audio', src: string, label = ''): HTMLElement {
  const element = document.createElement(tag)
  element.setAttribute('src', src)
  if (label) element.setAttribute(tag === 'img' ? 'alt' : 'aria-label', label)
  return element
}

describe('settleFigures', () => {
  it('takes along what is there already, with its new words', () => {
    const old = part(figure('img', '/a.png', 'cat'), figure('audio', '/a.mp3', 'miau'))
    const fresh = part(figure('audio', '/a.mp3', 'meow'), figure('img', '/a.png', 'a cat'), figure('img', '/a.png'), figure('img', '/b.png'))
    const [picture, sound] = [...old.children]
    settleFigures(fresh, old, 'Sound')
    expect(fresh.children[0]).toBe(sound)
    expect(fresh.children[1]).toBe(picture)
    expect(fresh.children[2]).not.toBe(picture)
    expect(sound!.getAttribute('aria-label')).toBe('meow')
    expect(picture!.getAttribute('alt')).toBe('a cat')
  })

  it('gives a picture its room when its size is known, and a sound a name', () => {
    keepSize('/sized.png', 40, 30)
    const fresh = part(figure('img', '/sized.png'), figure('img', '/other.png'), figure('audio', '/a.mp3'))
    settleFigures(fresh, null, 'Sound')
    expect([...fresh.children].map((element) => [element.getAttribute('width'), element.getAttribute('height')])).toEqual([['40', '30'], [null, null], [null, null]])
    expect(fresh.children[2]!.getAttribute('aria-label')).toBe('Sound')
  })

  it('learns the size of what has come', () => {
    const picture = figure('img', '/new.png')
    Object.defineProperties(picture, { naturalWidth: { value: 7 }, naturalHeight: { value: 5 } })
    figureLoaded({ target: picture } as unknown as Event)
    const fresh = part(figure('img', '/new.png'))
    settleFigures(fresh, null, 'Sound')
    expect(fresh.children[0]!.getAttribute('width')).toBe('7')
    expect('there' in picture.dataset).toBe(true)
  })
})

describe('figureFailed', () => {
  afterEach(() => vi.restoreAllMocks())
  const fail = (target: HTMLElement) => figureFailed({ target } as unknown as Event)
  const answers = (...statuses: number[]) => vi.stubGlobal('fetch', vi.fn(() => Promise.resolve(new Response('{}', { status: statuses.shift() }))))

  it('renews the access that ran out, and asks for the picture again', async () => {
    const picture = figure('img', '/api/v1/media/a.png')
    answers(401, 200)
    await fail(picture)
    expect('missing' in picture.dataset).toBe(false)
    await fail(picture) // in vain
    expect('missing' in picture.dataset).toBe(true)
  })

  it('marks what is not there, without asking twice', async () => {
    const picture = figure('img', '/api/v1/media/a.png')
    answers(404)
    await fail(picture)
    expect('missing' in picture.dataset).toBe(true)
    await fail(picture)
    expect(fetch).toHaveBeenCalledTimes(1)
  })

  it('asks nobody about what came with the text', async () => {
    const picture = figure('img', 'data:image/png;base64,AAAA')
    answers()
    await fail(picture)
    expect('missing' in picture.dataset).toBe(true)
    expect(fetch).not.toHaveBeenCalled()
  })
})
