import type { Page } from '@playwright/test'
import { expect, live, test } from './support/test'

const state = (page: Page) => page.locator('[data-connection]')

test('the tabs of a browser share one socket, and the next one takes over', async ({ person, device }) => {
  const ann = await person()
  const first = await device(ann, '/')
  const sockets: string[] = []
  const watch = (page: Page, name: string) => page.on('websocket', () => sockets.push(name))
  await live(first)
  const [second, third] = [await first.context().newPage(), await first.context().newPage()]
  watch(second, 'second')
  watch(third, 'third')
  for (const page of [second, third]) {
    await page.goto('/')
    await live(page)
  }
  expect(sockets).toEqual([])

  await first.close()
  await expect.poll(() => sockets.length).toBe(1)
  await live(second)
  await live(third)
})

test('an offline page says so after a while, and is live again by itself', async ({ person, device }) => {
  const page = await device(await person(), '/')
  await live(page)
  await page.context().setOffline(true)
  await expect(state(page)).toHaveAttribute('data-state', 'waiting', { timeout: 10_000 })
  await expect(page.getByText('You are offline.')).toBeVisible({ timeout: 10_000 })
  await page.context().setOffline(false)
  await live(page)
  await expect(page.getByText('You are offline.')).toBeHidden()
})

test('a session that is ended elsewhere leaves every page of that browser', async ({ person, device }) => {
  const ann = await person()
  const page = await device(ann, '/')
  await live(page)
  const other = await page.context().newPage()
  await other.goto('/')
  await live(other)
  const { items } = await (await page.context().request.get('/api/v1/auth/sessions')).json()
  const { id } = items.find((session: { current: boolean }) => session.current)
  expect((await ann.api.delete(`/api/v1/auth/sessions/${id}`)).status()).toBe(204)
  for (const tab of [page, other]) {
    await expect(tab).toHaveURL('/sign-in?why=ended')
    await expect(tab.getByText('this session was ended elsewhere')).toBeVisible()
  }
})

test('a disabled account is told so', async ({ admin, person, device }) => {
  const ann = await person()
  const page = await device(ann, '/')
  await live(page)
  expect((await admin.api.patch(`/api/v1/admin/users/${ann.id}`, { data: { disabled: true } })).status()).toBe(200)
  await expect(page.getByText('This account has been disabled.')).toBeVisible()
})

test('signing in as somebody else in one tab changes the others too', async ({ person, device }) => {
  const [ann, ben] = [await person('ann'), await person('ben')]
  const page = await device(ann, '/')
  await live(page)
  const other = await page.context().newPage()
  await other.goto('/')
  await live(other)
  await page.getByRole('button', { name: /Your account/ }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await page.getByLabel('Username').fill(ben.username)
  await page.getByLabel('Password', { exact: true }).fill(ben.password)
  await page.keyboard.press('Enter')
  for (const tab of [page, other]) await expect(tab.getByRole('button', { name: `Your account, ${ben.username}` })).toBeVisible()
})

test('a server that is away is told instead of a page', async ({ person, device }) => {
  const page = await device(await person(), '/')
  await live(page)
  await page.route('**/api/**', (route) => route.abort())
  await page.reload()
  await expect(page.getByRole('heading', { name: "The server can't be reached" })).toBeVisible()
  await page.unroute('**/api/**')
  await page.getByRole('button', { name: 'Try again' }).click()
  await live(page)
})

test('a part of the app that is gone from the server offers a reload', async ({ person, device }) => {
  const ann = await person()
  const page = await device(null, '/sign-in')
  await expect(page.getByLabel('Username')).toBeVisible()
  await page.route(/assets\/.*View-.*\.js$/, (route) => route.fulfill({ status: 404, contentType: 'text/plain', body: 'not found' }))
  await page.getByLabel('Username').fill(ann.username)
  await page.getByLabel('Password', { exact: true }).fill(ann.password)
  await page.keyboard.press('Enter')
  await expect(page.getByText('Aoki has been updated.')).toBeVisible()
  await page.unrouteAll()
  await page.getByRole('button', { name: 'Reload' }).click()
  await live(page)
})
