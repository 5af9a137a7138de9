import { expectFitForAll } from './support/axe'
import { badge, toast } from './support/page'
import { push } from './support/seed'
import { expect, live, test } from './support/test'
import { toastsOf } from './support/toasts'

test.describe.configure({ timeout: 60_000 })

test('language, theme and time zone go over to the other devices', async ({ person, device }) => {
  const ann = await person('ann')
  const [page, other] = [await device(ann, '/settings'), await device(ann, '/inbox')]
  await live(page, other)

  await page.getByText('Dark', { exact: true }).click()
  await expect(other.locator('html')).toHaveClass(/dark/)
  await page.getByLabel('Language').selectOption('zh-CN')
  for (const [at, title] of [[page, '设置'], [other, '收件箱']] as const) {
    await expect(at.getByRole('heading', { level: 1 })).toHaveText(title)
    await expect(at.locator('html')).toHaveAttribute('lang', 'zh-CN')
  }
  await other.goto('/settings')
  await expect(other.getByRole('heading', { level: 1 })).toHaveText('设置')

  await page.getByLabel('语言').selectOption('en')
  await page.getByRole('combobox', { name: 'Time zone' }).click()
  await page.keyboard.type('tokyo')
  await page.getByRole('option', { name: /Tokyo/ }).click()
  await expect(page.getByRole('combobox', { name: 'Time zone' })).toHaveValue(/^Tokyo/)
  await expect(other.getByRole('combobox', { name: 'Time zone' })).toHaveValue(/^Tokyo/)
  expect((await (await ann.api.get('/api/v1/me')).json()).time_zone).toBe('Asia/Tokyo')
})

test('nothing pops up that one does not want, and the inbox gets it all the same', async ({ admin, person, device }) => {
  const ann = await person('ann')
  const page = await device(ann, '/settings')
  await live(page)
  await push(admin, [ann], 'Wanted')
  await expect(toast(page, 'Wanted')).toBeVisible()

  const popUp = page.getByRole('checkbox', { name: 'Pop-up for Messages' })
  await popUp.uncheck()
  await expect.poll(async () => (await (await ann.api.get('/api/v1/me')).json()).preferences.toast).toEqual({ push: false })
  await push(admin, [ann], 'Unwanted')
  await expect(badge(page)).toHaveText('2')
  await popUp.check()

  // Quiet from midnight to a minute before the next one: always.
  await page.getByRole('switch', { name: 'Quiet hours' }).click()
  await page.getByLabel('From').fill('00:00')
  await page.getByLabel('From').blur()
  await page.getByLabel('To', { exact: true }).fill('23:59')
  await page.getByLabel('To', { exact: true }).blur()
  await expect.poll(async () => (await (await ann.api.get('/api/v1/me')).json()).preferences.quiet).toEqual({ on: true, from: '00:00', to: '23:59' })
  await push(admin, [ann], 'At night')
  await expect(badge(page)).toHaveText('3')
  await page.getByRole('switch', { name: 'Quiet hours' }).click()
  await expect.poll(async () => (await (await ann.api.get('/api/v1/me')).json()).preferences.quiet.on).toBe(false)
  await push(admin, [ann], 'In the morning')
  await expect(toast(page, 'In the morning')).toBeVisible()
  expect(await toastsOf(page)).toEqual(['Wanted', 'In the morning'])
})

test('a new password signs the other devices out, and one of them can be signed out alone', async ({ person, device }) => {
  const ann = await person('ann')
  const [first, second, page] = [await device(ann, '/decks'), await device(ann, '/decks'), await device(ann, '/settings')]
  await live(page, first, second)
  await expect(page.getByText('This device')).toBeVisible()

  // The fixtures' own session is one more.
  const ends = page.getByRole('button', { name: /^Sign out Chrome on / })
  await expect(ends).toHaveCount(2)
  await ends.first().click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Sign out' }).click()
  await expect(ends).toHaveCount(1)
  const gone = (at: typeof page) => new URL(at.url()).pathname === '/sign-in'
  await expect.poll(() => [first, second].filter(gone).length).toBe(1)

  await page.getByLabel('Current password').fill('not this one')
  await page.getByLabel('New password').fill('another horse battery')
  await page.getByRole('button', { name: 'Change password' }).click()
  await expect(page.getByText('This is not your current password.')).toBeVisible()
  await expect(page.getByLabel('Current password')).toBeFocused()
  await page.getByLabel('Current password').fill(ann.password)
  await page.getByRole('button', { name: 'Change password' }).click()
  await expect(toast(page, 'Password changed')).toBeVisible()
  await expect.poll(() => [first, second].filter(gone).length).toBe(2)
  await expect(page.getByLabel('New password')).toHaveValue('')
  await expect(ends).toHaveCount(0)
})

test('the settings suit everybody', async ({ person, device }) => {
  test.setTimeout(120_000)
  const ann = await person('ann')
  await ann.api.patch('/api/v1/me', { data: { preferences: { quiet: { on: true, from: '22:00', to: '07:00' }, sound: { push: true }, muted_decks: [7] } } })
  const page = await device(ann, '/settings')
  await live(page)
  await expect(page.getByText('This device')).toBeVisible()
  await expectFitForAll(page)
  await page.getByRole('combobox', { name: 'Time zone' }).click()
  await expect(page.getByRole('option', { name: /^UTC|Vienna/ }).first()).toBeVisible()
  await expectFitForAll(page)
})
