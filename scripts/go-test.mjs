// Runs `go test -json`, writes "PASSED FAILED" into the file named first, and
// prints what failed: a failed test's own output, or a package's that did not
// build or end well. The rest stays quiet.
import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'

const [countFile, ...args] = process.argv.slice(2)
const go = spawn('go', ['test', '-json', ...args], { stdio: ['ignore', 'pipe', 'inherit'] })

let passed = 0
let failed = 0
const output = new Map() // of each test and package that has not ended yet
const failedIn = new Set() // packages with a failed test

for await (const line of createInterface({ input: go.stdout })) {
  let event
  try {
    event = JSON.parse(line)
  } catch {
    console.log(line)
    continue
  }
  const name = event.ImportPath ?? event.Package
  const key = `${name} ${event.Test ?? ''}`
  switch (event.Action) {
    case 'output':
    case 'build-output':
      output.set(key, (output.get(key) ?? '') + event.Output)
      break
    case 'pass':
    case 'skip':
      if (event.Test && event.Action === 'pass') passed++
      output.delete(key)
      break
    case 'build-fail':
      process.stdout.write(output.get(key) ?? '')
      break
    case 'fail':
      if (event.Test) {
        failed++
        failedIn.add(event.Package)
      } else if (!failedIn.has(event.Package)) {
        failed++ // it did not build, or broke off outside of any test
      }
      process.stdout.write(output.get(key) ?? `${key} failed\n`)
      output.delete(key)
  }
}

const code = await new Promise((resolve) => (go.exitCode === null ? go.on('close', resolve) : resolve(go.exitCode)))
writeFileSync(countFile, `${passed} ${failed}\n`)
process.exit(code === 0 && failed === 0 ? 0 : 1)
