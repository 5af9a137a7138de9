import type { Audience } from '@/api/push'

export type Mode = 'all' | 'users' | 'deck' | 'online'

export interface To {
  mode: Mode
  names: string[]
  deck: number
}

/** Whom a push is for, as the server takes it; null while that is not said completely. */
export function audienceOf({ mode, names, deck }: To): Audience | null {
  if (mode === 'all') return { all: true }
  if (mode === 'online') return { online: true }
  if (mode === 'users') return names.length > 0 ? { users: names } : null
  return deck > 0 ? { deck } : null
}

/** Names as people write or paste them: with commas, spaces, lines, or an @ in front. Each once, in whatever case. */
export function splitNames(text: string): string[] {
  return text
    .split(/[\s,;，；、]+/)
    .map((name) => name.replace(/^@/, ''))
    .filter(Boolean)
}

export function addNames(names: string[], more: string[]): string[] {
  const known = new Set(names.map((name) => name.toLowerCase()))
  const fresh = more.filter((name) => !known.has(name.toLowerCase()) && known.add(name.toLowerCase()))
  return fresh.length > 0 ? [...names, ...fresh] : names
}

/** The names that nobody has, from the server's sentence about `to.users`: "unknown: bob, carla". */
export function unknownNames(fields: { field: string; message: string }[]): string[] {
  const message = fields.find(({ field }) => field === 'to.users')?.message ?? ''
  return splitNames(/unknown: (.*)$/.exec(message)?.[1] ?? '')
}
