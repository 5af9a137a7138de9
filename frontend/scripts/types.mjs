// Writes src/api/schema.d.ts from ../routes/openapi.yaml; with --check it only
// says whether the committed file is stale, for CI.
import { readFile, writeFile } from 'node:fs/promises'
import openapiTS, { astToString } from 'openapi-typescript'

const source = new URL('../../routes/openapi.yaml', import.meta.url)
const target = new URL('../src/api/schema.d.ts', import.meta.url)
const head = '// Generated from routes/openapi.yaml by `npm run types`. Do not edit.\n\n'

const fresh = head + astToString(await openapiTS(source, { defaultNonNullable: false }))
if (process.argv.includes('--check')) {
  const committed = await readFile(target, 'utf8').catch(() => '')
  if (committed !== fresh) {
    console.error('src/api/schema.d.ts is stale: run `npm run types` and commit it')
    process.exit(1)
  }
} else {
  await writeFile(target, fresh)
}
