import { baseCompile } from '@intlify/message-compiler'
import type { Plugin } from 'vite'

type Words = string | { [key: string]: Words }

const isPlain = (text: string) => !/[{|@]/.test(text)

/** A text with values or plurals becomes what vue-i18n would make of it at run time; the others stay as they are. */
export function precompile(words: Words): unknown {
  if (typeof words !== 'string') return Object.fromEntries(Object.entries(words).map(([key, inner]) => [key, precompile(inner)]))
  if (isPlain(words)) return words
  const problems: string[] = []
  const { ast } = baseCompile(words, { jit: true, location: false, minify: true, onError: (error) => problems.push(error.message) })
  if (problems.length > 0) throw new Error(`“${words}”: ${problems.join('; ')}`)
  return ast
}

/** For builds: the texts go out compiled, so that the compiler (6 KiB) stays at home. */
export const precompileWords = (): Plugin => ({
  name: 'precompile-words',
  apply: 'build',
  enforce: 'pre',
  config: () => ({ define: { __INTLIFY_DROP_MESSAGE_COMPILER__: true } }),
  transform: {
    filter: { id: /\/src\/i18n\/[^/]+\/[^/]+\.json$/ },
    handler: (code) => ({ code: JSON.stringify(precompile(JSON.parse(code))), map: null }),
  },
})
