import { renew } from '@/api/http'

/** How large pictures are that were seen, or brought, on this page: they take their place before they are loaded. */
const sizes = new Map<string, readonly [number, number]>()
export const keepSize = (url: string, width: number, height: number) => void sizes.set(url, [width, height])

const own = 'img, audio'
const addressOf = (figure: Element) => figure.getAttribute('src') ?? ''

/**
 * Prepares what is going to stand in place of `old`: a picture that is there already
 * is taken along, so that it does not flicker while somebody writes, and one whose
 * size is known gets its room.
 */
export function settleFigures(fresh: ParentNode, old: ParentNode | null, soundLabel: string): void {
  const there = [...(old?.querySelectorAll(own) ?? [])]
  for (const figure of fresh.querySelectorAll(own)) {
    const size = sizes.get(addressOf(figure))
    if (figure instanceof HTMLImageElement && size) [figure.width, figure.height] = size
    if (figure instanceof HTMLAudioElement && !figure.hasAttribute('aria-label')) figure.setAttribute('aria-label', soundLabel)
    const at = there.findIndex((other) => other.tagName === figure.tagName && addressOf(other) === addressOf(figure) && !('missing' in (other as HTMLElement).dataset))
    if (at < 0) continue
    const [same] = there.splice(at, 1)
    for (const name of ['alt', 'title', 'aria-label']) {
      const value = figure.getAttribute(name)
      if (value === null) same!.removeAttribute(name)
      else same!.setAttribute(name, value)
    }
    figure.replaceWith(same!)
  }
}

/** A picture has come: its size is known from now on. */
export function figureLoaded({ target }: Event): void {
  if (!(target instanceof HTMLImageElement) || target.naturalWidth === 0) return
  ;[target.width, target.height] = [target.naturalWidth, target.naturalHeight]
  keepSize(addressOf(target), target.naturalWidth, target.naturalHeight)
  target.dataset.there = ''
}

/**
 * A file did not come. After a long sleep the page's access has run out, and no
 * picture can renew it by itself; else it is marked as missing, once it was tried again.
 */
export async function figureFailed({ target }: Event): Promise<void> {
  if (!(target instanceof HTMLImageElement || target instanceof HTMLAudioElement)) return
  const url = addressOf(target)
  if ('tried' in target.dataset || !url.startsWith('/')) return void (target.dataset.missing = '')
  target.dataset.tried = ''
  const answer = await fetch(url, { method: 'HEAD' }).catch(() => null)
  const again = answer?.ok || (answer?.status === 401 && (await renew()).result === 'renewed')
  if (again) target.setAttribute('src', url)
  else target.dataset.missing = ''
}
