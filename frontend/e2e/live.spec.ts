import type { Page } from '@playwright/test'
import { badge, setInSight, toast } from './support/page'
import { push } from './support/seed'
import { expect, live, test } from './support/test'
import { toastsOf } from './support/toasts'

test('the tabs of a browser share one socket and one toast, and the next tab takes over', async ({ admin, person, device }) => {
  const ann = await person('ann')
  const first = await device(ann, 'about:blank')
  const tabs = [first, await first.context().newPage(), await first.context().newPage()] as const
  const [, second, third] = tabs
  const sockets: Page[] = []
  for (const page of tabs) {
    page.on('websocket', () => sockets.push(page))
    await page.goto('/')
    await live(page)
  }
  expect(sockets).toEqual([first])

  // The leader is not the tab that people look at.
  await setInSight(first, false)
  await setInSight(second, false)
  await push(admin, [ann], 'One')
  for (const page of tabs) await expect(badge(page)).toHaveText('1')
  await expect(toast(third, 'One')).toBeVisible()

  // All in sight: still one alone.
  for (const page of tabs) await setInSight(page, true)
  await push(admin, [ann], 'Two')
  for (const page of tabs) await expect(badge(page)).toHaveText('2')
  const all = async () => (await Promise.all(tabs.filter((page) => !page.isClosed()).map(toastsOf))).flat().toSorted()
  await expect.poll(all).toEqual(['One', 'Two'])

  // What comes in the very moment of a change of leaders is not lost, and not told twice.
  await Promise.all([first.close(), push(admin, [ann], 'Three')])
  await expect.poll(() => sockets.length).toBe(2)
  await push(admin, [ann], 'Four')
  for (const page of [second, third]) {
    await live(page)
    await expect(badge(page)).toHaveText('4')
  }
  // A fourth within 5 s is counted instead of shown, where one tab had them all.
  await expect.poll(async () => (await all()).filter((title) => /^(Four|4 new notifications)$/.test(title))).toHaveLength(1)
  expect((await all()).filter((title) => title === 'Three').length).toBeLessThanOrEqual(1)
  expect(sockets[1]).not.toBe(first)
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
