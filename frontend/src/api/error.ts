import type { components } from './schema'

export type Problem = components['schemas']['Problem']

/**
 * Every failed call ends in this one error. `status` is 0 and `code` is
 * "network" when there was no answer at all.
 */
export class ApiError extends Error {
  readonly status: number
  readonly code: string
  readonly detail: string
  readonly fields: { field: string; message: string }[]
  /** Seconds to wait, when the server said so. */
  readonly retryAfter: number | undefined

  constructor(init: { status: number; code: string; detail?: string; fields?: Problem['fields']; retryAfter?: number }) {
    super(`${init.code}: ${init.detail ?? ''}`)
    this.name = 'ApiError'
    this.status = init.status
    this.code = init.code
    this.detail = init.detail ?? ''
    this.fields = init.fields ?? []
    this.retryAfter = init.retryAfter
  }

  /** Reads problem+json; whatever else answered (a proxy, say) is told by its status alone. */
  static from(response: Response, body: unknown): ApiError {
    const problem = (typeof body === 'object' && body !== null ? body : {}) as Partial<Problem>
    const seconds = Number(response.headers.get('Retry-After'))
    return new ApiError({
      status: response.status,
      code: problem.code ?? codeOf(response.status),
      detail: problem.detail,
      fields: problem.fields,
      retryAfter: seconds > 0 ? seconds : undefined,
    })
  }
}

export const isApiError = (error: unknown, ...codes: string[]): error is ApiError =>
  error instanceof ApiError && (codes.length === 0 || codes.includes(error.code))

/** The session is over, whatever the server calls it. */
export const isSignedOut = (error: unknown): boolean => error instanceof ApiError && error.status === 401

function codeOf(status: number): string {
  const known: Record<number, string> = {
    401: 'unauthorized',
    403: 'forbidden',
    404: 'not_found',
    409: 'conflict',
    413: 'too_large',
    429: 'rate_limited',
    502: 'unavailable',
    503: 'unavailable',
    504: 'unavailable',
  }
  return known[status] ?? 'unknown'
}
