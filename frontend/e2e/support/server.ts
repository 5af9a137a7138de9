import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const binary = process.env.AOKI_BIN ?? fileURLToPath(new URL('../../../bin/aoki', import.meta.url))

export interface Server {
  url: string
  /** The one-time word of the setup link; serves until somebody uses it. */
  setupToken: string
  stop: () => Promise<void>
}

/** The real program on a free port, with an empty database that goes with it. */
export async function startServer(environment: Record<string, string> = {}): Promise<Server> {
  const data = await mkdtemp(join(tmpdir(), 'aoki-e2e-'))
  const program = spawn(binary, ['serve'], {
    env: { ...process.env, AOKI_LISTEN: '127.0.0.1:0', AOKI_DATA: data, AOKI_REGISTRATION: 'open', AOKI_LOG_LEVEL: 'error', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = new Promise<void>((resolve) => program.once('exit', () => resolve()))
  let said = ''
  const words = new Promise<{ url: string; setupToken: string }>((resolve, reject) => {
    const read = (chunk: Buffer) => {
      said += chunk.toString()
      const url = /Aoki is at (http:\/\/\S+)/.exec(said)?.[1]
      const setupToken = /#token=([\w.-]+)/.exec(said)?.[1]
      if (url && setupToken) resolve({ url, setupToken })
    }
    program.stdout.on('data', read)
    program.stderr.on('data', read)
    program.once('error', reject)
    program.once('exit', (code) => reject(new Error(`${binary} ended with ${code}:\n${said}`)))
  })
  const stop = async () => {
    program.kill('SIGTERM')
    await ended
    await rm(data, { recursive: true, force: true })
  }
  return { ...(await words), stop }
}
