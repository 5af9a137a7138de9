import MarkdownIt from 'markdown-it'
import { askedRules } from './asked'
import { mathRules } from './mathRules'
import { hasPlaceholder, isSoundHere } from './media'
import { isOwnPicture, isSafeAddress, sanitize } from './sanitize'

const md = new MarkdownIt({ html: false, linkify: true, breaks: true })
md.linkify.set({ fuzzyLink: false, fuzzyEmail: false, fuzzyIP: false })
md.use(mathRules).use(askedRules)
md.validateLink = (address) => isSafeAddress(address.trim()) || isOwnPicture(address.trim())

// The page has headings of its own: those of a card stand below them.
for (const rule of ['heading_open', 'heading_close']) {
  md.renderer.rules[rule] = (tokens, i, options, _env, self) => {
    const token = tokens[i]!
    if (/^h\d$/.test(token.tag)) token.tag = `h${Math.min(6, Number(token.tag[1]) + 2)}`
    return self.renderToken(tokens, i, options)
  }
}

// A picture from elsewhere is a link to it: the content policy would not load it. A sound is written as a picture is.
const picture = md.renderer.rules.image!
md.renderer.rules.image = (tokens, i, options, env, self) => {
  const token = tokens[i]!
  const address = String(token.attrGet('src') ?? '')
  if (isOwnPicture(address)) {
    token.attrSet('loading', 'lazy')
    token.attrSet('decoding', 'async')
    return picture(tokens, i, options, env, self)
  }
  const alt = self.renderInlineAsText(token.children ?? [], options, env)
  if (isSoundHere(address)) {
    const label = alt && ` aria-label="${md.utils.escapeHtml(alt)}"`
    return `<audio controls preload="none" src="${address}"${label}></audio>`
  }
  if (hasPlaceholder(`![](${address})`)) return `<span class="coming">${md.utils.escapeHtml(alt)}</span>`
  const text = alt || address
  return `<a href="${md.utils.escapeHtml(address)}">${md.utils.escapeHtml(text)}</a>`
}

// Alignment without a style attribute.
for (const rule of ['th_open', 'td_open']) {
  md.renderer.rules[rule] = (tokens, i, options, _env, self) => {
    const token = tokens[i]!
    const align = /text-align:(\w+)/.exec(String(token.attrGet('style') ?? ''))?.[1]
    token.attrs = align ? [['data-align', align]] : null
    return self.renderToken(tokens, i, options)
  }
}

/**
 * Markdown as nodes that are safe to put into the page. Mathematics and code
 * stand in it as plain text until `enrich` has been at work on it.
 */
export function renderMarkdown(source: string): DocumentFragment {
  return sanitize(md.render(source))
}

/** Sets formulas and colours code in place. Loads what that needs, and only then; without a network the text stays as it is written. */
export async function enrich(root: ParentNode): Promise<void> {
  const formulas = [...root.querySelectorAll<HTMLElement>('.math[data-tex]')]
  const blocks = [...root.querySelectorAll<HTMLElement>('pre > code[class*="language-"]')]
  await Promise.all([
    formulas.length > 0 && import('./math').then((math) => math?.setFormulas(formulas)),
    blocks.length > 0 && import('./code').then((code) => code?.colourCode(blocks)),
  ])
}

/** Loads what the formulas and the code of a text need, so that showing it waits for nothing and needs no network. */
export async function prepare(source: string): Promise<void> {
  const languages = new Set(Array.from(source.matchAll(/^ *(?:```|~~~) *([\w+#-]+)/gm), ([, name]) => name!))
  const sample = [...languages].map((name) => `\`\`\`${name}\n\n\`\`\``)
  if (/\$[^$]+\$|\\[([]/.test(source)) sample.push('$x$')
  if (sample.length > 0) await enrich(renderMarkdown(sample.join('\n\n')))
}
