// After `vite build`: puts the API viewer into dist/docs, and beside every text
// file its .br and .gz, which the Go side serves as they are.
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

const root = fileURLToPath(new URL('..', import.meta.url))
const dist = join(root, 'dist')
const docs = join(dist, 'docs')

const viewer = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'))
await mkdir(docs, { recursive: true })
for (const file of ['swagger-ui-bundle.js', 'swagger-ui.css']) {
  // Without the pointer to a source map that isn't there.
  const text = await readFile(join(viewer, file), 'utf8')
  await writeFile(join(docs, file), text.replace(/\n(\/\/|\/\*)# sourceMappingURL=.*$/m, '\n'))
}
await copyFile(join(viewer, 'LICENSE'), join(docs, 'LICENSE.txt'))
for (const file of ['index.html', 'init.js']) await copyFile(join(root, 'docs-viewer', file), join(docs, file))

// The build's own table of contents is for the budget alone.
await mkdir(join(root, 'node_modules/.cache'), { recursive: true })
await copyFile(join(dist, '.vite/manifest.json'), join(root, 'node_modules/.cache/manifest.json'))
await rm(join(dist, '.vite'), { recursive: true })

const texts = new Set(['.html', '.js', '.css', '.svg', '.json', '.webmanifest', '.txt'])
for (const entry of await readdir(dist, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !texts.has(extname(entry.name))) continue
  const file = join(entry.parentPath, entry.name)
  const bytes = await readFile(file)
  if (bytes.length < 512) continue
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length }
  const [br, gz] = await Promise.all([promisify(brotliCompress)(bytes, { params }), promisify(gzip)(bytes, { level: 9 })])
  await Promise.all([writeFile(`${file}.br`, br), writeFile(`${file}.gz`, gz)])
}
