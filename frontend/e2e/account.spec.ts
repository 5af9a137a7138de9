import { expectAccessible } from './support/axe'
import { startServer } from './support/server'
import { expect, live, phone, test } from './support/test'

test('the first start is set up with the link, whose word stays out of the address and of every request', async ({ device }) => {
  const server = await startServer({ AOKI_REGISTRATION: 'closed' })
  const page = await device(null, 'about:blank', { baseURL: server.url })
  const context = page.context()
  const asked: string[] = []
  page.on('request', (request) => asked.push(request.url()))

  await page.goto('/')
  await expect(page).toHaveURL('/setup')
  await expect(page.getByLabel('Setup word')).toBeVisible()
  await expectAccessible(page)

  await page.goto(`/setup#token=${server.setupToken}`)
  await expect(page.getByLabel('Setup word')).toBeHidden()
  await expect(page).toHaveURL('/setup')

  await page.getByLabel('Username').fill('-ann')
  await page.getByLabel('Password', { exact: true }).fill('short')
  await page.getByRole('button', { name: 'Create admin account' }).click()
  await expect(page.getByText('Begin with a letter or digit')).toBeVisible()
  await expect(page.getByText('At least 8 characters.')).toBeVisible()
  await expect(page.getByLabel('Username')).toBeFocused()

  await page.getByLabel('Username').fill('ann')
  await page.getByLabel('Password', { exact: true }).fill('correct horse battery')
  await page.getByRole('button', { name: 'Create admin account' }).click()
  await live(page)
  const me = await (await context.request.get('/api/v1/me')).json()
  expect(me).toMatchObject({ username: 'ann', role: 'admin', locale: 'en', time_zone: 'Europe/Vienna' })
  expect(asked.filter((url) => url.includes(server.setupToken))).toEqual([])

  await context.clearCookies()
  await page.goto(`/setup#token=${server.setupToken}`)
  await expect(page.getByText('The first account exists.')).toBeVisible()

  // This server takes no new accounts by itself.
  await page.goto('/sign-in')
  await expect(page.getByLabel('Username')).toBeVisible()
  await expect(page.getByRole('link', { name: 'Create an account' })).toBeHidden()
  await page.goto('/register')
  await expect(page.getByText('This server takes no new accounts by itself.')).toBeVisible()
  expect((await context.request.post('/api/v1/auth/register', { data: { username: 'ben', password: 'correct horse battery' } })).status()).toBe(403)
  await page.goto('about:blank')
  await server.stop()
})

test('signing in leads to where one wanted to go, and signing out leaves nothing', async ({ person, device }) => {
  const ann = await person()
  const page = await device(null, '/nowhere?q=1')
  await expect(page).toHaveURL('/sign-in?to=/nowhere?q=1')
  await expect(page).toHaveTitle('Sign in · Aoki')
  await expectAccessible(page)

  await page.getByLabel('Username').fill(ann.username)
  await page.getByLabel('Password', { exact: true }).fill('wrong password')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('alert')).toHaveText('Username or password is wrong.')
  await page.getByRole('button', { name: 'Show password' }).click()
  await page.getByLabel('Password', { exact: true }).fill(ann.password)
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL('/nowhere?q=1')
  await expect(page.getByRole('heading', { name: 'There is no such page' })).toBeVisible()
  await live(page)
  await expectAccessible(page)

  await page.getByRole('button', { name: /Your account/ }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await expect(page).toHaveURL('/sign-in')
  expect((await page.context().request.get('/api/v1/me')).status()).toBe(401)
})

test('a link of another site is no place to go after signing in', async ({ person, device }) => {
  const ann = await person()
  const page = await device(null, '/sign-in?to=//elsewhere.example/')
  await page.getByLabel('Username').fill(ann.username)
  await page.getByLabel('Password', { exact: true }).fill(ann.password)
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL('/decks')
})

test('registering makes an account in the language of the page', async ({ admin, device }) => {
  const page = await device(null, '/sign-in', { ...phone, locale: 'zh-CN' })
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN')
  await page.getByRole('link', { name: '创建账号' }).click()
  await expectAccessible(page)
  await page.getByLabel('用户名').fill(admin.username.toUpperCase())
  await page.getByLabel('密码', { exact: true }).fill('correct horse battery')
  await page.getByRole('button', { name: '创建账号' }).click()
  await expect(page.getByText('该用户名已被使用')).toBeVisible()
  await page.getByLabel('用户名').fill('小明')
  await page.getByRole('button', { name: '创建账号' }).click()
  await live(page)
  const me = await (await page.context().request.get('/api/v1/me')).json()
  expect(me).toMatchObject({ username: '小明', locale: 'zh-CN' })
})

test('a theme that was chosen stays, and shows before the app does', async ({ person, device }) => {
  const page = await device(await person(), '/')
  await page.getByRole('button', { name: /Your account/ }).click()
  const theme = page.getByRole('menuitem', { name: /^Theme/ })
  await expect(theme).toHaveText('Theme: as the system')
  await theme.click()
  await theme.click()
  await expect(theme).toHaveText('Theme: dark')
  await page.route('**/assets/**', (route) => route.abort())
  await page.reload()
  await expect(page.locator('html')).toHaveClass('dark')
})

test('the API viewer shows this server and asks nobody else', async ({ server, device }) => {
  const page = await device(null, '/sign-in')
  const elsewhere: string[] = []
  page.on('request', (request) => !request.url().startsWith(server.url) && !request.url().startsWith('data:') && elsewhere.push(request.url()))
  await page.goto('/api/v1/docs')
  await expect(page.getByText('/api/v1/decks/{id}/notes').first()).toBeVisible({ timeout: 15_000 })
  expect(elsewhere).toEqual([])
})
