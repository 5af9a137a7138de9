/** Characters as people and the server count them, not as JavaScript does. */
export const length = (text: string): number => {
  let n = 0
  for (const _ of text) n++
  return n
}

/** Chinese, Japanese or Korean is in it: it wants more room between lines. */
export const hasHan = (text: string): boolean => /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u.test(text)

const escaped = 0xe100
const marks: [RegExp, string][] = [
  [/^ {0,3}(`{3,}|~{3,}).*$/gm, ''], // fences
  [/!?\[([^\]\n]*)\]\([^)\s]*(?:\s+"[^"]*")?\)/g, '$1'], // links and pictures
  [/^ {0,3}(?:#{1,6}|>|[-*+]|\d{1,9}[.)])\s+/gm, ''], // headings, quotes, lists
  [/^\s*(?:[-*_]\s*){3,}$/gm, ''], // rules
  [/^(?=.*-)[|: -]*\|[|: -]*$/gm, ''], // below the head of a table
  [/^ *\|[| ]*|[| ]*\| *$/gm, ''], // cells
  [/(?<=\S) +\|(?: *\|)* +/g, ' · '],
  [/(\*\*\*|\*\*|__|~~)(?=\S)(.+?)(?<=\S)\1/g, '$2'], // bold, struck
  [/(?<![\w*])\*(?=[^\s*])([^*\n]+?)(?<=\S)\*(?!\*)/g, '$1'], // italic
  [/(?<!\w)_(?=\S)([^_\n]+?)(?<=\S)_(?!\w)/g, '$1'],
  [/(`+)(.+?)\1/g, '$2'], // code
]

/** The words of a Markdown text in one line, for lists: quick, and never markup. */
export function plain(markdown: string, most = 300): string {
  // What no list shows needs no work.
  let text = markdown.length > most * 4 ? markdown.slice(0, most * 4) : markdown
  // An escaped sign waits among the signs for private use: it must not look like a mark.
  text = text.replace(/\\([!-/:-@[-`{-~])/g, (_, sign: string) => String.fromCharCode(sign.charCodeAt(0) + escaped))
  for (const [mark, by] of marks) text = text.replace(mark, by)
  text = text.replace(/[\uE100-\uE17F]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - escaped))
  text = text.replace(/\s+/g, ' ').trim()
  return text.length > most ? `${text.slice(0, most).replace(/[\uD800-\uDBFF]$/, '')}…` : text
}
