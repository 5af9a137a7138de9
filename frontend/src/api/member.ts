import { done, http, read, type Schema } from './http'

export type Member = Schema<'Member'>
export type MemberRole = Schema<'MemberInput'>['role']

/** All members, the owner first. */
export async function listMembers(id: number, signal?: AbortSignal): Promise<Member[]> {
  const members: Member[] = []
  let after: string | undefined
  do {
    const page = await read(http.GET('/api/v1/decks/{id}/members', { params: { path: { id }, query: { limit: 200, after } }, signal }))
    members.push(...page.items)
    after = page.next ?? undefined
  } while (after)
  return members
}

export const putMember = (id: number, username: string, role: MemberRole) =>
  read(http.PUT('/api/v1/decks/{id}/members/{username}', { params: { path: { id, username } }, body: { role } }))

export const removeMember = (id: number, username: string, keepalive = false) =>
  done(http.DELETE('/api/v1/decks/{id}/members/{username}', { params: { path: { id, username } }, keepalive }))
