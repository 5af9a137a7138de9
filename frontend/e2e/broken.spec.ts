import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { badge, deckTile, setInSight } from './support/page'
import { addDeck, push } from './support/seed'
import { startServer, type Server } from './support/server'
import { expect, live, request, test as base, type Person } from './support/test'
import { toastsOf } from './support/toasts'

/** A server that a test may break, and its admin. */
const test = base.extend<{ own: { server: Server; admin: Person; file: string } }>({
  // oxlint-disable-next-line no-empty-pattern -- Playwright reads the names of fixtures from here
  own: async ({}, use) => {
    const server = await startServer()
    const folder = await mkdtemp(join(tmpdir(), 'aoki-e2e-backup-'))
    const api = await request.newContext({ baseURL: server.url })
    const [username, password] = ['admin', 'correct horse battery']
    const answer = await api.post('/api/v1/setup', { data: { token: server.setupToken, username, password } })
    expect(answer.status()).toBe(201)
    await use({ server, admin: { id: (await answer.json()).user.id, username, password, api }, file: join(folder, 'backup.db') })
    await api.dispose()
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  },
})

test('a server that is killed and comes back has lost nothing, and tells nothing twice', async ({ own: { server, admin }, device }) => {
  const pages = [await device(admin, '/', { baseURL: server.url }), await device(admin, '/', { baseURL: server.url })]
  await live(...pages)
  await push(admin, [admin], 'Before')
  for (const page of pages) await expect(badge(page)).toHaveText('1')

  // Acknowledged, and the next moment it is gone: nobody can have been told but by the store.
  await push(admin, [admin], 'In the last moment')
  await server.kill()
  for (const page of pages) await expect(page.locator('[data-connection]')).not.toHaveAttribute('data-state', 'live')
  await server.startAgain()
  await live(...pages)
  await push(admin, [admin], 'After')

  for (const page of pages) await expect(badge(page)).toHaveText('3')
  for (const page of pages) {
    await page.goto('/inbox')
    const items = page.getByRole('listitem').filter({ hasText: /Before|In the last moment|After/ })
    await expect(items).toHaveCount(3)
    for (const [i, title] of ['After', 'In the last moment', 'Before'].entries()) await expect(items.nth(i)).toContainText(title)
  }
})

test('when an older database comes back, open pages show what it holds and go on from there', async ({ own: { server, admin, file }, device }) => {
  const inbox = await device(admin, '/inbox', { baseURL: server.url })
  const decks = await device(admin, '/', { baseURL: server.url })
  await live(inbox, decks)
  await setInSight(inbox, false) // or what it shows counts as seen
  await addDeck(admin, 'Kept')
  await push(admin, [admin], 'Kept')
  await server.run('backup', file)
  await addDeck(admin, 'Gone')
  await push(admin, [admin], 'Gone')
  await expect(deckTile(decks, 'Gone')).toBeVisible()
  await expect(badge(inbox)).toHaveText('2')

  await server.kill()
  await server.run('restore', file)
  await server.startAgain()
  await live(inbox, decks)
  await expect(deckTile(decks, 'Kept')).toBeVisible()
  await expect(deckTile(decks, 'Gone')).toBeHidden()
  await expect(inbox.getByRole('listitem').filter({ hasText: 'Kept' })).toBeVisible()
  await expect(inbox.getByRole('listitem').filter({ hasText: 'Gone' })).toHaveCount(0)
  for (const page of [inbox, decks]) await expect(badge(page)).toHaveText('1')

  // The number that this one gets was another's before: pages must not take it for known.
  await push(admin, [admin], 'Another')
  await addDeck(admin, 'Another')
  await expect(deckTile(decks, 'Another')).toBeVisible()
  for (const page of [inbox, decks]) await expect(badge(page)).toHaveText('2')
  await inbox.getByRole('button', { name: '1 new' }).click()
  await expect(inbox.getByRole('listitem').filter({ hasText: 'Another' })).toBeVisible()
  expect((await toastsOf(decks)).filter((title) => title === 'Kept')).toHaveLength(1)
})

test('a first page that could not be fetched is tried again, and is the one that was asked for', async ({ own: { server, admin }, device }) => {
  const deck = await addDeck(admin, 'Spanish')
  const page = await device(admin, '/study', { baseURL: server.url })
  await page.context().route(/\/assets\/DeckView-/, (route) => route.abort())
  await page.goto(`/decks/${deck}?q=hola`)
  await expect(page.getByRole('heading', { name: "The server can't be reached" })).toBeVisible()
  await page.context().unroute(/\/assets\/DeckView-/)
  await page.getByRole('button', { name: 'Try again' }).click()
  await expect(page.getByRole('heading', { name: 'Spanish' })).toBeVisible()
  await expect(page).toHaveURL(`/decks/${deck}?q=hola`)
})
