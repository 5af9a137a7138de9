import type { Page } from '@playwright/test'
import { badge, bell, deckTile, toast } from './support/page'
import { addDeck, addNote, answer } from './support/seed'
import { startServer, type Server } from './support/server'
import { expect, live, phone, request, test as base, type Person } from './support/test'

/** A server of the test's own, to move its clock; and somebody there, whose day has no digest in it. */
const test = base.extend<{ own: { server: Server; ann: Person } }>({
  // oxlint-disable-next-line no-empty-pattern -- Playwright reads the names of fixtures from here
  own: async ({}, use) => {
    const server = await startServer()
    const api = await request.newContext({ baseURL: server.url })
    const [username, password] = ['ann', 'correct horse battery']
    const made = await api.post('/api/v1/setup', { data: { token: server.setupToken, username, password } })
    expect(made.status()).toBe(201)
    for (const { id } of (await (await api.get('/api/v1/reminders')).json()).items) expect((await api.patch(`/api/v1/reminders/${id}`, { data: { enabled: false } })).ok()).toBe(true)
    await use({ server, ann: { id: (await made.json()).user.id, username, password, api } })
    await api.dispose()
    await server.stop()
  },
})

const items = (page: Page) => page.getByRole('main').locator('[data-item]')

/** A note in the deck; that it is new is no news any more. */
async function addQuietly(person: Person, deck: number, ...fronts: string[]) {
  for (const front of fronts) await addNote(person, deck, front)
  const { items } = await (await person.api.get('/api/v1/notifications')).json()
  expect((await person.api.post('/api/v1/notifications/mark', { data: { up_to: items[0].id, archived: true } })).ok()).toBe(true)
}

/** The server ends and comes back as if so much time had passed; open pages find it by themselves. */
async function later(server: Server, ahead: string, ...pages: Page[]) {
  await server.kill()
  for (const page of pages) await expect(page.locator('[data-connection]')).not.toHaveAttribute('data-state', 'live')
  await server.startAgain(ahead)
  await live(...pages)
}

test('a card rated Good on one device calls on another ten minutes later, and is withdrawn there when it is answered on the first', async ({ own: { server, ann }, device }) => {
  const deck = await addDeck(ann, 'Spanish')
  await addQuietly(ann, deck, 'hola')
  const [laptop, pocket] = [await device(ann, `/decks/${deck}/study`, { baseURL: server.url }), await device(ann, '/decks', { ...phone, baseURL: server.url })]
  await live(laptop, pocket)
  const rateGood = async () => {
    await laptop.getByRole('button', { name: 'Show answer' }).click()
    await laptop.getByRole('button', { name: /^Good/ }).click()
  }
  await rateGood()
  await expect(deckTile(pocket, 'Spanish')).toContainText('1 learning')
  await laptop.goto('/decks')
  await expect(deckTile(laptop, 'Spanish')).toContainText('1 learning')
  await live(laptop)
  await later(server, '9m', laptop, pocket)
  await expect(deckTile(pocket, 'Spanish')).toContainText('1 learning')
  await expect(badge(pocket)).toBeHidden()
  await expect(toast(pocket)).toHaveCount(0)

  await later(server, '10m30s', laptop, pocket)
  await expect(toast(pocket, '1 card due in Spanish')).toBeVisible()
  await toast(pocket).getByRole('button', { name: 'Close' }).focus() // it stays as long as somebody is at it
  await expect(badge(pocket)).toHaveText('1')
  await expect(pocket).toHaveTitle('(1) Decks · Aoki')
  await expect(bell(pocket)).toHaveAccessibleName('Notifications, 1 unread')
  const { items: said } = await (await ann.api.get('/api/v1/notifications')).json()
  expect(said).toEqual([expect.objectContaining({ kind: 'cards.due', link: `/decks/${deck}/study`, data: expect.objectContaining({ deck_id: deck, due: 1 }) })])

  await laptop.goto(`/decks/${deck}/study`)
  await rateGood()
  await expect(toast(pocket)).toHaveCount(0, { timeout: 3000 })
  await expect(badge(pocket)).toBeHidden()
  await expect(bell(pocket)).toHaveAccessibleName('Notifications')
  await expect(pocket).toHaveTitle('Decks · Aoki')
  await pocket.goto('/inbox')
  await expect(pocket.getByRole('heading', { name: 'Nothing here yet' })).toBeVisible()
  await pocket.goto('/study')
  await expect(pocket.getByRole('heading', { name: 'All done for today' })).toBeVisible()
})

test('a call that is put off goes away on every device, and comes back when it is time', async ({ own: { server, ann }, device }) => {
  const deck = await addDeck(ann, 'Spanish')
  await addQuietly(ann, deck, 'hola', 'adiós')
  await answer(ann, deck, 1, 1)
  const [page, pocket] = [await device(ann, '/inbox', { baseURL: server.url }), await device(ann, '/decks', { ...phone, baseURL: server.url })]
  await live(page, pocket)
  await later(server, '2m', page, pocket)
  await expect(items(page)).toHaveText([/2 cards due in Spanish/])
  await expect(toast(pocket, '2 cards due in Spanish')).toBeVisible()

  await page.getByRole('button', { name: 'Snooze 2 cards due in Spanish' }).click()
  await page.getByRole('menuitem', { name: 'For 10 minutes' }).click()
  await expect(toast(page, /^It calls again in \d+ minutes/)).toBeVisible()
  await expect(items(page)).toHaveCount(0)
  await expect(toast(pocket, '2 cards due in Spanish')).toBeHidden({ timeout: 3000 })
  await expect(bell(pocket)).toHaveAccessibleName('Notifications')

  await later(server, '13m', page, pocket)
  await expect(toast(pocket, '2 cards due in Spanish')).toBeVisible()
  await toast(pocket, '2 cards due in Spanish').getByRole('button', { name: 'Study now' }).click()
  await expect(pocket).toHaveURL(`/decks/${deck}/study`)
  await expect(bell(pocket)).toHaveAccessibleName('Notifications') // opening reads
})
