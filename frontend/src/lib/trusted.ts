/** The little of the browser's Trusted Types that is used; its own types are an extra package. */
interface Policy {
  createHTML: (html: string) => string
}
type Factory = { createPolicy: (name: string, rules: Policy) => TrustedTypePolicy }
type TrustedTypePolicy = import('dompurify').Config['TRUSTED_TYPES_POLICY']

/**
 * The app's one Trusted Types policy. DOMPurify alone uses it, to parse text in
 * a document that runs nothing; what comes out is nodes, so no other place needs
 * to turn a string into markup. Undefined where the browser has no Trusted Types.
 */
export const policy = (window as { trustedTypes?: Factory }).trustedTypes?.createPolicy('aoki', {
  createHTML: (html) => html,
})
