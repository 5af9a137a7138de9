import { execFile, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const binary = process.env.AOKI_BIN ?? fileURLToPath(new URL('../../../bin/aoki', import.meta.url))

export interface Server {
  url: string
  /** The one-time word of the setup link; serves until somebody uses it. */
  setupToken: string
  stop: () => Promise<void>
  /** Ends the program without a warning; its data stays. */
  kill: () => Promise<void>
  /** Starts it again where it was; its clock is so much ahead: "10m30s". */
  startAgain: (ahead?: string) => Promise<void>
  /** Runs another command of the program on the same data. */
  run: (...args: string[]) => Promise<void>
}

/** The real program on a free port, with an empty database that goes with it. */
export async function startServer(environment: Record<string, string> = {}): Promise<Server> {
  const data = await mkdtemp(join(tmpdir(), 'aoki-e2e-'))
  const settings = { ...process.env, AOKI_DATA: data, AOKI_REGISTRATION: 'open', AOKI_LOG_LEVEL: 'error', ...environment }
  let { program, ended, said } = launch({ ...settings, AOKI_LISTEN: '127.0.0.1:0' })
  const url = await said(/Aoki is at (http:\/\/\S+)/)
  const setupToken = await said(/#token=([\w.-]+)/)
  const end = async (signal: 'SIGTERM' | 'SIGKILL') => {
    program.kill(signal)
    await ended
  }
  return {
    url,
    setupToken,
    stop: async () => {
      await end('SIGTERM')
      await rm(data, { recursive: true, force: true })
    },
    kill: () => end('SIGKILL'),
    startAgain: async (ahead) => {
      ;({ program, ended, said } = launch({ ...settings, AOKI_LISTEN: new URL(url).host }, ahead ? ['--clock-offset', ahead] : []))
      await said(/Aoki is at (http:\/\/\S+)/)
    },
    run: async (...args) => {
      await promisify(execFile)(binary, args, { env: settings })
    },
  }
}

/** Starts the program; `said` waits until it has said something, and gives the first group of it. */
function launch(env: NodeJS.ProcessEnv, settings: string[] = []) {
  const program = spawn(binary, ['serve', ...settings], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = new Promise<void>((resolve) => program.once('exit', () => resolve()))
  let words = ''
  const listeners = new Set<() => void>()
  const hear = (chunk: Buffer) => {
    words += chunk.toString()
    for (const listen of listeners) listen()
  }
  program.stdout.on('data', hear)
  program.stderr.on('data', hear)
  const said = (what: RegExp) =>
    new Promise<string>((resolve, reject) => {
      const look = () => {
        const found = what.exec(words)?.[1]
        if (found) resolve(found)
      }
      listeners.add(look)
      look()
      program.once('error', reject)
      program.once('exit', (code) => reject(new Error(`${binary} ended with ${code}:\n${words}`)))
    })
  return { program, ended, said }
}
