// DOMPurify needs a whole DOM, which happy-dom is not.
// @vitest-environment jsdom
import { describe, expect, it } from 'vitest'
import { askedFrom, askedTo } from './asked'
import { enrich, prepare, renderMarkdown } from './markdown'

function html(source: string): string {
  const root = document.createElement('div')
  root.append(renderMarkdown(source))
  return root.innerHTML.trim()
}

const asked = (text: string) => text.replaceAll('‹', askedFrom).replaceAll('›', askedTo)

describe('renderMarkdown', () => {
  it.each([
    ['hola', '<p>hola</p>'],
    ['a\nb', '<p>a<br>\nb</p>'],
    ['**b** *i* ~~s~~ `c`', '<p><strong>b</strong> <em>i</em> <s>s</s> <code>c</code></p>'],
    ['# One', '<h3>One</h3>'],
    ['###### Six', '<h6>Six</h6>'],
    ['Pay $5 and $6', '<p>Pay $5 and $6</p>'],
    ['Pay \\$5', '<p>Pay $5</p>'],
  ])('%j', (source, expected) => {
    expect(html(source)).toBe(expected)
  })

  it('opens links elsewhere, and tells nobody where from', () => {
    const link = 'target="_blank"'
    for (const source of ['[a](https://example.org/?a=1&b=2)', 'https://example.org', '[a](mailto:ann@example.org)', '[a](/decks/1)']) {
      expect(html(source)).toContain(link)
      expect(html(source)).toContain('rel="noopener noreferrer nofollow"')
    }
  })

  it('links a picture from elsewhere instead of loading it', () => {
    expect(html('![a *cat*](https://example.org/cat.png)')).not.toContain('<img')
    expect(html('![a *cat*](https://example.org/cat.png)')).toContain('>a cat</a>')
    expect(html('![dot](data:image/png;base64,iVBORw0KGgo=)')).toContain('<img')
  })

  it('shows pictures of this site, and lets sounds be heard, each with its words', () => {
    const at = (ending: string) => `/api/v1/media/${'0a'.repeat(32)}.${ending}`
    expect(html(`![a *cat*](${at('png')})`)).toBe(`<p><img src="${at('png')}" alt="a cat" loading="lazy" decoding="async"></p>`)
    expect(html(`![el "perro"](${at('mp3')})`)).toBe(`<p><audio controls="" preload="none" src="${at('mp3')}" aria-label="el &quot;perro&quot;"></audio></p>`)
    expect(html(`![](${at('wav')})`)).toBe(`<p><audio controls="" preload="none" src="${at('wav')}"></audio></p>`)
    expect(html(asked(`‹![a](${at('webp')})›`))).toContain('<strong><img')
    expect(html('![Uploading <cat> …](#uploading-0a1b)')).toBe('<p><span class="coming">Uploading &lt;cat&gt; …</span></p>')
  })

  it('neither shows nor plays what only looks like a file of this site', () => {
    const hash = '0a'.repeat(32)
    for (const address of [
      `/api/v1/media/${hash}.svg`, `/api/v1/media/${hash}.html`, `/api/v1/media/${hash}`, `/api/v1/media/${hash.slice(1)}.png`, `/api/v1/media/${hash.toUpperCase()}.png`,
      `/api/v1/media/../me?${hash}.png`, `/api/v1/media/${hash}.png?x=1`, `/api/v1/media/${hash}.png#x`, `/api/v1/auth/logout`, `//elsewhere.example/api/v1/media/${hash}.png`,
      `https://elsewhere.example/api/v1/media/${hash}.mp3`, `api/v1/media/${hash}.png`, `/x/api/v1/media/${hash}.png`,
    ]) {
      expect(html(`![x](${address})`), address).not.toMatch(/<(img|audio)/)
    }
  })

  it('finds formulas, but not in code', () => {
    expect(html('$a_1 < b_2$')).toContain('<span class="math" data-tex="a_1 < b_2">')
    expect(html('\\(x\\) and \\[y\\]')).toContain('<span class="math display" data-tex="y">')
    expect(html('$$\n\\frac{a}{b}\n$$')).toContain('<span class="math display" data-tex="\\frac{a}{b}">')
    expect(html('`$x$`')).toBe('<p><code>$x$</code></p>')
    expect(html('$$x\n\nlost')).not.toContain('math')
    expect(html('a *b $c*d$ e*')).toContain('data-tex="c*d"')
  })

  it('makes bold what is asked, wherever Markdown can', () => {
    expect(html(asked('北京是‹[…]›的首都'))).toBe('<p>北京是<strong>[…]</strong>的首都</p>')
    expect(html(asked('‹*a* b›c'))).toBe('<p><strong><em>a</em> b</strong>c</p>')
    expect(html(asked('`x = ‹[…]›`'))).toBe('<p><code>x = […]</code></p>')
    expect(html(asked('$x = ‹[…]›$'))).toContain('data-tex="x = […]"')
    expect(html(asked('a ‹b\n\nc› d'))).toBe('<p>a b</p>\n<p>c d</p>')
    expect(html(asked('[‹a›](https://example.org/‹a›)'))).toContain('href="https://example.org/a"')
    expect(html(asked('```\n‹a›\n```'))).toBe('<pre><code>a\n</code></pre>')
  })

  it('sets formulas and colours code only where there are some, and marks what is wrong', async () => {
    const root = document.createElement('div')
    root.append(renderMarkdown('$x^2$ $\\nonsense{$\n\n```js\nlet a = 1\n```\n\n```nolang\nb\n```'))
    await enrich(root)
    expect(root.querySelector('.katex')).not.toBeNull()
    expect(root.querySelector('.wrong')?.textContent).toBe('\\nonsense{')
    expect(root.querySelector('.hljs-keyword')?.textContent).toBe('let')
    expect(root.querySelector('.language-nolang')?.innerHTML).toBe('b\n')
  })

  it('loads ahead the languages that a text has, and no others', async () => {
    const { default: hljs } = await import('highlight.js/lib/core')
    await prepare('~~~lua\nx\n~~~\n\n```rb\ny\n```\n\nIn a line ```swift``` costs $5')
    expect(['lua', 'ruby', 'swift', 'kotlin'].filter((name) => hljs.getLanguage(name))).toEqual(['lua', 'ruby'])
  })
})

// What runs something, loads something from elsewhere, or takes the place of something of the page.
const attacks = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '<svg onload=alert(1)><animate onbegin=alert(1)>',
  '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
  '<a href="javascript:alert(1)">x</a>',
  '<form action="/api/v1/auth/logout" method="post"><button>x</button></form>',
  '<style>@import url(https://evil.example)</style>',
  '<input id="main" name="body">',
  '<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>',
  '[x](javascript:alert(1))',
  '[x](JaVaScRiPt:alert(1))',
  '[x](java\tscript:alert(1))',
  '[x](&#106;avascript:alert(1))',
  '[x](&#x6A;avascript&colon;alert(1))',
  '[x](vbscript:msgbox(1))',
  '[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)',
  '[x](//evil.example)',
  '[x](/\\evil.example)',
  '[x](blob:https://example.org/1)',
  '[x](https://example.org "\\" onmouseover=alert(1) x=\\"")',
  '![x](javascript:alert(1))',
  '![x](x" onerror="alert(1))',
  '![x](data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9YWxlcnQoMSk+)',
  `![x" onerror="alert(1)](/api/v1/media/${'0'.repeat(64)}.png)`,
  `![x](/api/v1/media/${'0'.repeat(64)}.png "x\\" onerror=\\"alert(1)")`,
  `![x" onplay="alert(1) autoplay](/api/v1/media/${'0'.repeat(64)}.mp3)`,
  `![<img src=x onerror=alert(1)>](/api/v1/media/${'0'.repeat(64)}.mp3)`,
  `<audio src="/api/v1/media/${'0'.repeat(64)}.mp3" autoplay onplay=alert(1)></audio>`,
  '![x](data:audio/mpeg;base64,SUQz)',
  '<javascript:alert(1)>',
  '[x]: javascript:alert(1)\n\n[x]',
  '```"><img src=x onerror=alert(1)>\ncode\n```',
  '```x" onload="alert(1)\ncode\n```',
  '$\\href{javascript:alert(1)}{x}$',
  '$\\htmlData{a=b}{x} \\url{javascript:alert(1)} \\includegraphics{https://evil.example/a.png}$',
  '$"><img src=x onerror=alert(1)>$',
  `${askedFrom}<img src=x onerror=alert(1)>${askedTo}`,
  '| a" onclick=alert(1) |\n|:-:|\n| <b onclick=alert(1)> |',
  '&lt;script&gt;alert(1)&lt;/script&gt;',
]

describe.each(attacks)('%j', (source) => {
  it('comes out as nodes that do nothing', async () => {
    const root = document.createElement('div')
    root.append(renderMarkdown(source))
    await enrich(root)
    const elements = [...root.querySelectorAll('*')]
    const bad = /^(script|iframe|object|embed|style|link|meta|base|form|input|button|textarea|svg|video|source|template)$/i
    expect(elements.filter((element) => bad.test(element.tagName))).toEqual([])
    const attributes = elements.flatMap((element) => [...element.attributes].filter(({ name }) => name !== 'style' || !element.closest('.katex')))
    const may: Record<string, RegExp> = {
      href: /^(https?:\/\/|mailto:|\/[^/\\]|#)/,
      src: /^(data:image\/(png|gif|jpeg|webp);base64,|\/api\/v1\/media\/0{64}\.(png|mp3)$)/,
    }
    const allowed = /^(class|title|alt|loading|decoding|controls|preload|aria-label|rel|target|start|data-tex|data-align|aria-hidden|xmlns|encoding|height|width|mathvariant|stretchy|display|mathcolor)$/
    expect(attributes.filter(({ name, value }) => !(may[name]?.test(value) ?? allowed.test(name))).map(({ name, value }) => `${name}=${value}`)).toEqual([])
  })
})
