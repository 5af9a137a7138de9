import { expect } from '@playwright/test'
import type { Person } from './test'

/** What tests need to be there already, made over the API. */
async function made(answer: { status: () => number; json: () => Promise<{ id: number }> }): Promise<number> {
  expect(answer.status()).toBe(201)
  return (await answer.json()).id
}

export const addDeck = async (owner: Person, name: string, description = ''): Promise<number> => made(await owner.api.post('/api/v1/decks', { data: { name, description } }))

export async function addNote(author: Person, deck: number, front: string, back = '', tags: string[] = []): Promise<number> {
  const answer = await author.api.post(`/api/v1/decks/${deck}/notes`, { data: { type: 'basic', fields: { Front: front, Back: back }, tags } })
  expect(answer.status()).toBe(201)
  return (await answer.json()).note.id
}

export async function share(owner: Person, deck: number, member: Person, role: 'viewer' | 'editor'): Promise<void> {
  expect((await owner.api.put(`/api/v1/decks/${deck}/members/${member.username}`, { data: { role } })).ok()).toBe(true)
}

/** A message from the admin to these people. */
export async function push(admin: Person, to: Person[], title: string, more: { body?: string; link?: string } = {}): Promise<void> {
  await made(await admin.api.post('/api/v1/admin/pushes', { data: { to: { users: to.map(({ username }) => username) }, title, body: '', ...more } }))
}

export async function inboxOf(person: Person): Promise<{ id: string; title: string; kind: string }[]> {
  return (await (await person.api.get('/api/v1/notifications?limit=200')).json()).items
}

/** Answers the first cards of a deck's queue, in the queue's order; hands back their ids. */
export async function answer(person: Person, deck: number, ...ratings: (1 | 2 | 3 | 4)[]): Promise<number[]> {
  const ids: number[] = []
  for (const rating of ratings) {
    const { items } = await (await person.api.get(`/api/v1/decks/${deck}/queue?limit=200`)).json()
    const card = items.find(({ id }: { id: number }) => !ids.includes(id))
    expect((await person.api.post(`/api/v1/cards/${card.id}/reviews`, { data: { rating } })).status()).toBe(201)
    ids.push(card.id)
  }
  return ids
}
