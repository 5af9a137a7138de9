import { beforeEach, describe, expect, it, vi } from 'vitest'
import { ApiError } from './error'
import { http, keyed, newKey, onSignedOut, read, renew } from './http'

type Answer = { status: number; body?: unknown; headers?: Record<string, string> } | 'away'
let answers: (path: string, request: Request) => Answer
const calls: string[] = []
const signedOut = vi.fn<() => void>()

const json = ({ status, body, headers }: Exclude<Answer, 'away'>) =>
  new Response(body === undefined ? null : JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json', ...headers } })

beforeEach(() => {
  calls.length = 0
  signedOut.mockClear()
  onSignedOut(signedOut)
  vi.stubGlobal('fetch', async (input: Request | string, init?: RequestInit) => {
    const request = input instanceof Request ? input : new Request(new URL(input, 'http://aoki.example'), init)
    const path = new URL(request.url).pathname.replace('/api/v1', '')
    calls.push(`${request.method} ${path}`)
    await Promise.resolve()
    const answer = answers(path, request)
    if (answer === 'away') throw new TypeError('failed to fetch')
    return json(answer)
  })
})

const me = () => read(http.GET('/api/v1/me'))
const refusal = (call: Promise<unknown>) => call.then(() => undefined, (error: ApiError) => error)
const renewed: Answer = { status: 200, body: { access_token: 't', token_type: 'Bearer', expires_in: 900, user: {} } }

describe('http', () => {
  it('renews an expired login once for all who wait, and sends their calls again', async () => {
    let fresh = false
    answers = (path) => {
      if (path === '/auth/refresh') {
        fresh = true
        return renewed
      }
      return fresh ? { status: 200, body: { username: 'ann' } } : { status: 401, body: { code: 'token_expired' } }
    }
    const all = await Promise.all([me(), me(), me()])
    expect(all.map((user) => user.username)).toEqual(['ann', 'ann', 'ann'])
    expect(calls.filter((call) => call === 'POST /auth/refresh')).toHaveLength(1)
    expect(calls.filter((call) => call === 'GET /me')).toHaveLength(6)
    expect(signedOut).not.toHaveBeenCalled()
  })

  it('sends the body again with the second try, and the same key', async () => {
    const bodies: [string, string | null][] = []
    answers = (path) => (path === '/auth/refresh' ? renewed : { status: bodies.length < 2 ? 401 : 201, body: {} })
    const original = globalThis.fetch
    vi.stubGlobal('fetch', async (input: Request | string, init?: RequestInit) => {
      if (input instanceof Request) bodies.push([await input.clone().text(), input.headers.get('Idempotency-Key')])
      return original(input as Request, init)
    })
    const key = newKey()
    await read(http.POST('/api/v1/decks', { body: { name: 'Spanish' }, params: { header: keyed(key) } }))
    expect(bodies).toEqual([['{"name":"Spanish"}', key], ['{"name":"Spanish"}', key]])
  })

  it('says once that the session is over, and gives up', async () => {
    answers = () => ({ status: 401, body: { code: 'unauthorized' } })
    const error = await refusal(me())
    expect(error).toMatchObject({ status: 401, code: 'unauthorized' })
    expect(calls).toEqual(['GET /me', 'POST /auth/refresh'])
    expect(signedOut).toHaveBeenCalledOnce()
  })

  it('does not take a server that is away for the end of the session', async () => {
    answers = (path) => (path === '/auth/refresh' ? 'away' : { status: 401, body: {} })
    expect(await refusal(me())).toMatchObject({ status: 0, code: 'network' })
    answers = (path) => (path === '/auth/refresh' ? { status: 503 } : { status: 401, body: {} })
    expect(await refusal(me())).toMatchObject({ code: 'network' })
    expect(signedOut).not.toHaveBeenCalled()
  })

  it('leaves a wrong password alone', async () => {
    answers = () => ({ status: 401, body: { code: 'invalid_credentials', detail: 'no' } })
    const error = await refusal(read(http.POST('/api/v1/auth/login', { body: { username: 'a', password: 'b' } })))
    expect(error).toMatchObject({ code: 'invalid_credentials' })
    expect(calls).toEqual(['POST /auth/login'])
    expect(signedOut).not.toHaveBeenCalled()
  })

  it.each([
    [{ status: 422, body: { code: 'validation_failed', detail: 'd', fields: [{ field: 'name', message: 'm' }] } }, { code: 'validation_failed', detail: 'd', fields: [{ field: 'name', message: 'm' }] }],
    [{ status: 429, body: { code: 'rate_limited' }, headers: { 'Retry-After': '7' } }, { code: 'rate_limited', retryAfter: 7 }],
    [{ status: 502, body: 'bad gateway' }, { code: 'unavailable', retryAfter: undefined }],
    [{ status: 418, body: {} }, { code: 'unknown', fields: [] }],
    ['away', { status: 0, code: 'network' }],
  ] as [Answer, object][])('turns %j into an ApiError', async (answer, expected) => {
    answers = () => answer
    const error = await refusal(me())
    expect(error).toBeInstanceOf(ApiError)
    expect(error).toMatchObject(expected)
  })

  it('shares one renewal, and makes a new one afterwards', async () => {
    answers = () => renewed
    expect(await Promise.all([renew(), renew()])).toEqual([{ result: 'renewed', expiresIn: 900 }, { result: 'renewed', expiresIn: 900 }])
    await renew()
    expect(calls).toHaveLength(2)
  })

  it('makes keys that differ', () => {
    const keys = new Set(Array.from({ length: 100 }, newKey))
    expect(keys.size).toBe(100)
    for (const key of keys) expect(key).toMatch(/^[0-9a-f]{32}$/)
  })
})
