import createClient from 'openapi-fetch'
import { ApiError } from './error'
import type { components, paths } from './schema'

/** What the server calls things: `Schema<'Deck'>`. */
export type Schema<N extends keyof components['schemas']> = components['schemas'][N]

export type Renewal = { result: 'renewed'; expiresIn: number } | { result: 'signed-out' } | { result: 'unreachable' }

let signedOut: () => void = () => {}
let renewing: Promise<Renewal> | null = null

/** main.ts says once what happens when the session turns out to be over. */
export function onSignedOut(callback: () => void): void {
  signedOut = callback
}

/** Asks for a new access token. All who ask at the same time share one request. */
export function renew(): Promise<Renewal> {
  renewing ??= askForRenewal().finally(() => (renewing = null))
  return renewing
}

async function askForRenewal(): Promise<Renewal> {
  try {
    const response = await fetch('/api/v1/auth/refresh', { method: 'POST' })
    if (response.ok) return { result: 'renewed', expiresIn: ((await response.json()) as Schema<'SignedIn'>).expires_in }
    return { result: response.status === 401 || response.status === 403 ? 'signed-out' : 'unreachable' }
  } catch {
    return { result: 'unreachable' }
  }
}

// These answer 401 about what was typed, not about the session.
const speaksOfPassword = /\/api\/v1\/(auth\/(login|register|refresh)|setup)$/

/** fetch, but an expired access token is renewed and the call sent again, once. */
async function send(request: Request): Promise<Response> {
  const again = request.clone()
  const response = await reach(request)
  if (response.status !== 401 || speaksOfPassword.test(new URL(request.url).pathname)) return response

  const { result } = await renew()
  if (result === 'unreachable') throw unreachable()
  const answer = result === 'renewed' ? await reach(again) : response
  if (answer.status === 401) signedOut()
  return answer
}

async function reach(request: Request): Promise<Response> {
  try {
    return await fetch(request)
  } catch (error) {
    if (request.signal.aborted) throw error
    throw unreachable()
  }
}

const unreachable = () => new ApiError({ status: 0, code: 'network' })

export const http = createClient<paths>({ baseUrl: '/', fetch: send })

/** The answer's body, or an ApiError: `const deck = await read(http.GET('/api/v1/decks/{id}', …))`. */
export async function read<T>(call: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<NonNullable<T>> {
  const { data, error, response } = await call
  if (!response.ok) throw ApiError.from(response, error)
  return data as NonNullable<T>
}

/** For what answers 204. */
export async function done(call: Promise<{ error?: unknown; response: Response }>): Promise<void> {
  const { error, response } = await call
  if (!response.ok) throw ApiError.from(response, error)
}

/**
 * A new Idempotency-Key. Make one for each thing to be created and keep it over
 * retries, so that a request which seemed to fail never makes a second one.
 * (crypto.randomUUID is missing on plain http in a local network.)
 */
export function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** The header for a creating POST: `params: { header: keyed(key) }`. */
export const keyed = (key: string) => ({ 'Idempotency-Key': key })
