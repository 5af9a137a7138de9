/**
 * Where a notification leads: a page of this app, or another site. Whatever is
 * neither a path beginning with one slash nor http(s) leads nowhere.
 */
export function linkTarget(link: string): { to: string } | { href: string } | null {
  if (/^\/(?![/\\])/.test(link)) return { to: link }
  if (!/^https?:\/\//i.test(link) || !URL.canParse(link)) return null
  return { href: link }
}
