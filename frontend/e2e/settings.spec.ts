import { badge, toast } from './support/page'
import { push } from './support/seed'
import { expect, live, phone, test } from './support/test'
import { toastsOf } from './support/toasts'

test('another device is listed, and signed out from afar at once', async ({ person, device }) => {
  const ann = await person('ann')
  const page = await device(ann, '/settings')
  const lost = await device(ann, '/decks', { ...phone, userAgent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1' })
  await live(page, lost)
  await page.reload()
  const devices = page.getByRole('region', { name: 'Devices' }).getByRole('listitem')
  await expect(devices.first()).toContainText('This device')
  await expect(devices.filter({ hasText: 'This device' })).toHaveCount(1)

  await page.getByRole('button', { name: 'Sign out Safari on iPhone' }).click()
  const question = page.getByRole('alertdialog', { name: 'Sign out Safari on iPhone?' })
  await question.getByRole('button', { name: 'Cancel' }).click()
  await expect(devices.filter({ hasText: 'iPhone' })).toHaveCount(1)
  await page.getByRole('button', { name: 'Sign out Safari on iPhone' }).click()
  await question.getByRole('button', { name: 'Sign out' }).click()
  await expect(lost).toHaveURL('/sign-in?why=ended')
  await expect(devices.filter({ hasText: 'iPhone' })).toHaveCount(0)
  expect((await lost.context().request.get('/api/v1/me')).status()).toBe(401)
  expect((await lost.context().request.post('/api/v1/auth/refresh')).status()).toBe(401)
  await live(page)
})

test('a new password signs all the others out, and is the one that serves', async ({ person, device }) => {
  const ann = await person('ann')
  const [page, other] = [await device(ann, '/settings'), await device(ann, '/inbox')]
  await live(page, other)
  const form = page.getByRole('region', { name: 'Password' })
  await form.getByLabel('Current password').fill('not my password')
  await form.getByLabel('New password').fill('a brand new horse')
  await page.keyboard.press('Enter')
  await expect(form.getByText('This is not your current password.')).toBeVisible()
  await expect(form.getByLabel('Current password')).toBeFocused()
  await form.getByLabel('Current password').fill(ann.password)
  await form.getByLabel('New password').fill('short')
  await page.keyboard.press('Enter')
  await expect(form.getByText('At least 8 characters.')).toBeVisible()
  await form.getByLabel('New password').fill('a brand new horse')
  await page.keyboard.press('Enter')
  await expect(toast(page, 'Password changed')).toBeVisible()
  await expect(other).toHaveURL('/sign-in?why=ended')
  await live(page)

  await other.getByLabel('Username').fill(ann.username)
  await other.getByLabel('Password', { exact: true }).fill(ann.password)
  await other.keyboard.press('Enter')
  await expect(other.getByRole('alert').last()).toHaveText('Username or password is wrong.')
  await other.getByLabel('Password', { exact: true }).fill('a brand new horse')
  await other.keyboard.press('Enter')
  await expect(other).toHaveURL('/decks')
})

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
