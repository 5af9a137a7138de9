/** `{'./auth.json': {signIn: …}}` → `{auth: {signIn: …}}` */
export function merge(files: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(files).map(([path, words]) => [path.replace(/^.*\/|\.json$/g, ''), words]))
}
