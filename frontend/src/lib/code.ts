import hljs from 'highlight.js/lib/core'
import type { LanguageFn } from 'highlight.js'
import { sanitize } from './sanitize'

type Load = () => Promise<{ default: LanguageFn }>

/** Each language is a chunk of its own, named as people name it behind the three backticks. */
const languages: Record<string, Load> = {
  bash: () => import('highlight.js/lib/languages/bash'),
  c: () => import('highlight.js/lib/languages/c'),
  cpp: () => import('highlight.js/lib/languages/cpp'),
  csharp: () => import('highlight.js/lib/languages/csharp'),
  css: () => import('highlight.js/lib/languages/css'),
  diff: () => import('highlight.js/lib/languages/diff'),
  go: () => import('highlight.js/lib/languages/go'),
  haskell: () => import('highlight.js/lib/languages/haskell'),
  java: () => import('highlight.js/lib/languages/java'),
  javascript: () => import('highlight.js/lib/languages/javascript'),
  json: () => import('highlight.js/lib/languages/json'),
  kotlin: () => import('highlight.js/lib/languages/kotlin'),
  lua: () => import('highlight.js/lib/languages/lua'),
  php: () => import('highlight.js/lib/languages/php'),
  python: () => import('highlight.js/lib/languages/python'),
  r: () => import('highlight.js/lib/languages/r'),
  ruby: () => import('highlight.js/lib/languages/ruby'),
  rust: () => import('highlight.js/lib/languages/rust'),
  sql: () => import('highlight.js/lib/languages/sql'),
  swift: () => import('highlight.js/lib/languages/swift'),
  typescript: () => import('highlight.js/lib/languages/typescript'),
  xml: () => import('highlight.js/lib/languages/xml'),
  yaml: () => import('highlight.js/lib/languages/yaml'),
}
const otherNames: Record<string, string> = {
  sh: 'bash', shell: 'bash', zsh: 'bash', 'c++': 'cpp', cs: 'csharp', golang: 'go', hs: 'haskell', js: 'javascript', jsx: 'javascript',
  kt: 'kotlin', py: 'python', rb: 'ruby', rs: 'rust', ts: 'typescript', tsx: 'typescript', html: 'xml', svg: 'xml', vue: 'xml', yml: 'yaml',
} // prettier-ignore

async function load(name: string): Promise<boolean> {
  if (hljs.getLanguage(name)) return true
  const language = Object.hasOwn(languages, name) ? languages[name] : undefined
  if (!language) return false
  const found = await language()
  if (!found) return false // no network: the code stays without colours
  hljs.registerLanguage(name, found.default)
  return true
}

/** Colours the code of a language that is known, and leaves all other code as it is. */
export async function colourCode(blocks: HTMLElement[]): Promise<void> {
  await Promise.all(
    blocks.map(async (block) => {
      const written = [...block.classList].find((name) => name.startsWith('language-'))?.slice(9).toLowerCase() ?? ''
      const name = otherNames[written] ?? written
      if (!(await load(name))) return
      const { value } = hljs.highlight(block.textContent ?? '', { language: name, ignoreIllegals: true })
      block.replaceChildren(sanitize(value))
    }),
  )
}
