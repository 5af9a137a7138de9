// Fails when the app grows too heavy. KiB, gzip. "entry" is all that index.html
// loads at once, and the larger language, which is needed before the first paint.
// A route costs what it needs beyond that: its own chunk and all it imports.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

const root = fileURLToPath(new URL('..', import.meta.url))
const manifest = JSON.parse(readFileSync(join(root, 'node_modules/.cache/manifest.json'), 'utf8'))
const kib = (file) => gzipSync(readFileSync(join(root, 'dist', file)), { level: 9 }).length / 1024

const entryBudget = 100
const firstRoutes = new Set(['src/views/SignInView.vue', 'src/views/DeckListView.vue'])
const routeBudget = { first: 30, 'src/views/StudyView.vue': 60, 'src/views/StatisticsView.vue': 75, 'src/views/AdminView.vue': 75, other: 60 }
// Chunks that no route loads by itself: mathematics and code colours, when a text has some.
const lazyBudget = { 'src/lib/markdown.ts': 70, 'src/lib/math.ts': 90, 'src/lib/code.ts': 40, 'node_modules/highlight.js': 40 }

/** All files that come with a chunk: itself, what it imports, and their styles. */
function files(key, seen = new Set()) {
  const chunk = manifest[key]
  if (!chunk || seen.has(key)) return seen
  seen.add(key)
  for (const inner of chunk.imports ?? []) files(inner, seen)
  return seen
}
const assets = (keys) => new Set([...keys].flatMap((key) => [manifest[key].file].concat(manifest[key].css ?? [])))
const weigh = (list) => [...list].reduce((sum, file) => sum + kib(file), 0)

const entry = assets(files('index.html'))
const languages = Object.keys(manifest).filter((key) => /^src\/i18n\/[^/]+\/index\.ts$/.test(key))
const language = Math.max(...languages.map((key) => kib(manifest[key].file)))

let failed = false
function report(name, size, limit) {
  const over = size > limit
  failed ||= over
  console.log(`${over ? 'OVER ' : '  ok '} ${size.toFixed(1).padStart(6)} of ${String(limit).padStart(3)} KiB  ${name}`)
}

report('entry', weigh(entry) + language, entryBudget)
for (const key of Object.keys(manifest).filter((key) => manifest[key].isDynamicEntry)) {
  const own = [...assets(files(key))].filter((file) => !entry.has(file))
  if (key.startsWith('src/views/')) report(key, weigh(own), firstRoutes.has(key) ? routeBudget.first : (routeBudget[key] ?? routeBudget.other))
  const lazy = Object.keys(lazyBudget).find((start) => key.startsWith(start))
  if (lazy) report(key, weigh(own), lazyBudget[lazy])
}
if (failed) {
  console.error('The build is over its budget: load something later, or drop it.')
  process.exit(1)
}
