import type { Plugin } from 'vite'

/** KaTeX names each of its fonts in three formats. Every browser that can run this app reads woff2: the other two would only make the program larger by a megabyte. */
export const katexFonts = (): Plugin => ({
  name: 'katex-fonts',
  enforce: 'pre',
  transform: {
    filter: { id: /katex[^/]*\.css$/ },
    handler: (code) => ({ code: code.replace(/,\s*url\([^)]+\.(?:woff|ttf)\)\s*format\("[^"]+"\)/g, ''), map: null }),
  },
})
