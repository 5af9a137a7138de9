import { http, read } from './http'

/** The names of the user's decks, by id. */
export async function deckNames(): Promise<Map<number, string>> {
  const names = new Map<number, string>()
  let after: string | undefined
  do {
    const page = await read(http.GET('/api/v1/decks', { params: { query: { limit: 200, after } } }))
    for (const { id, name } of page.items) names.set(id, name)
    after = page.next ?? undefined
  } while (after)
  return names
}
