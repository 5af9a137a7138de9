import { ApiError } from './error'
import { renew, type Schema } from './http'

export type Media = Schema<'Media'>

/**
 * Sends a picture or a sound. `progress` hears from 0 to 1 how far it is; fetch
 * could not tell.
 */
export async function addMedia(file: Blob, options: { progress?: (share: number) => void; signal?: AbortSignal } = {}): Promise<Media> {
  let answer = await send(file, options)
  if (answer.status === 401 && (await renew()).result === 'renewed') answer = await send(file, options)
  const body = parse(answer.responseText)
  if (answer.status >= 200 && answer.status < 300) return body as Media
  const wait = answer.getResponseHeader('Retry-After')
  throw ApiError.from(new Response(null, { status: answer.status, headers: wait ? { 'Retry-After': wait } : {} }), body)
}

function send(file: Blob, { progress, signal }: { progress?: (share: number) => void; signal?: AbortSignal }): Promise<XMLHttpRequest> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted()
    const request = new XMLHttpRequest()
    request.open('POST', '/api/v1/media')
    // What it is the server sees for itself.
    request.setRequestHeader('Content-Type', /^(image|audio)\//.test(file.type) ? file.type : 'application/octet-stream')
    request.upload.onprogress = ({ loaded, total }) => progress?.(total > 0 ? loaded / total : 0)
    request.onload = () => resolve(request)
    request.onerror = () => reject(new ApiError({ status: 0, code: 'network' }))
    request.onabort = () => reject(new DOMException('given up', 'AbortError'))
    signal?.addEventListener('abort', () => request.abort(), { once: true })
    request.send(file)
  })
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
