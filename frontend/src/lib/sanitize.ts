import DOMPurify from 'dompurify'
import { isPictureHere, isSoundHere } from './media'
import { policy } from './trusted'

const tags =
  'p br hr h3 h4 h5 h6 strong em s del code pre blockquote ul ol li a img table thead tbody tr th td span div mark audio'.split(' ')
const attributes = ['href', 'title', 'src', 'alt', 'class', 'start', 'rel', 'target', 'data-align', 'data-tex', 'loading', 'decoding', 'controls', 'preload', 'aria-label']

/** Pictures that come with the text itself, or were brought here. Others would be fetched from elsewhere, which tells who reads it. */
export const isOwnPicture = (address: string) => isPictureHere(address) || /^data:image\/(png|gif|jpeg|webp);base64,/i.test(address)

/** Addresses that a text may lead to: the web, mail, and pages of this site. */
export const isSafeAddress = (address: string) => /^(https?:\/\/|mailto:|\/(?![/\\])|#)/i.test(address)

const purifier = DOMPurify(window)
purifier.addHook('uponSanitizeAttribute', (node, data) => {
  if (data.attrName === 'href' && !isSafeAddress(data.attrValue)) data.keepAttr = false
  if (data.attrName === 'src') data.keepAttr = node.tagName === 'IMG' ? isOwnPicture(data.attrValue) : node.tagName === 'AUDIO' && isSoundHere(data.attrValue)
  if (data.attrName === 'aria-label' && node.tagName !== 'AUDIO') data.keepAttr = false
})
purifier.addHook('afterSanitizeAttributes', (node) => {
  if (node.tagName !== 'A') return
  node.setAttribute('rel', 'noopener noreferrer nofollow')
  if (!node.getAttribute('href')?.startsWith('#')) node.setAttribute('target', '_blank')
})

/** Markup from anywhere → nodes that run nothing, load nothing from elsewhere and name no element of the page. */
export function sanitize(html: string): DocumentFragment {
  return purifier.sanitize(html, {
    ALLOWED_TAGS: tags,
    ALLOWED_ATTR: attributes,
    ALLOW_DATA_ATTR: false,
    ALLOW_ARIA_ATTR: false,
    RETURN_DOM_FRAGMENT: true,
    ...(policy && { TRUSTED_TYPES_POLICY: policy }),
  })
}
