import { badge, bell, bellPanel, toast } from './support/page'
import { addDeck, inboxOf } from './support/seed'
import { expect, live, phone, test } from './support/test'

test('a message of the admin reaches the devices of those it names, and of nobody else', async ({ admin, person, device }) => {
  const [ann, ben, cleo] = [await person('ann'), await person('ben'), await person('cleo')]
  const desk = await device(admin, '/admin?show=messages')
  const [anns, pocket, bens, cleos] = [await device(ann, '/decks'), await device(ann, '/decks', phone), await device(ben, '/decks'), await device(cleo, '/decks')]
  await live(desk, anns, pocket, bens, cleos)

  await desk.getByRole('button', { name: 'Send' }).click()
  await expect(desk.getByText('Name at least one person.')).toBeVisible()
  const names = desk.getByRole('combobox', { name: 'Usernames' })
  await names.fill(`${ann.username}, ${ben.username}, nobody-here`)
  await names.press('Enter')
  await expect(desk.getByText('Nobody who can sign in has the marked names.')).toBeVisible()
  await desk.getByRole('button', { name: 'Remove nobody-here' }).click()
  await expect(desk.getByText('Reaches 2 people, 2 online now.')).toBeVisible()
  await desk.getByRole('textbox', { name: 'Title' }).fill('New rooms')
  await desk.getByRole('textbox', { name: /^Text/ }).fill('We moved to <b>Aoki Street</b>.')
  await desk.getByRole('textbox', { name: /^Link/ }).fill('javascript:alert(1)')
  await desk.getByRole('button', { name: 'Send' }).click()
  await expect(desk.getByText('Begin with / for a page of this app, or with https://.')).toBeVisible()
  await desk.getByRole('textbox', { name: /^Link/ }).fill('/settings')
  await expect(desk.getByRole('region', { name: 'Preview' }).getByText('New rooms').first()).toBeVisible()
  await desk.getByRole('button', { name: 'Send' }).click()
  await expect(desk.getByText('Sent to 2 people, 2 of them online.')).toBeVisible()
  const sent = desk.getByRole('list', { name: 'Sent messages' }).getByRole('listitem').filter({ hasText: 'New rooms' })
  const far = (stage: string) => sent.locator('dl > div', { hasText: stage })
  await expect(far('In inboxes')).toContainText('2')

  for (const page of [anns, pocket, bens]) {
    await expect(toast(page, 'New rooms')).toContainText('We moved to <b>Aoki Street</b>.')
    await expect(badge(page)).toHaveText('1')
  }
  await toast(bens, 'New rooms').getByRole('button', { name: 'Open' }).click()
  await expect(bens).toHaveURL('/settings')
  await expect(badge(bens)).toBeHidden()
  await bell(anns).click()
  await expect(badge(pocket)).toBeHidden()
  await bellPanel(anns).getByRole('link', { name: /New rooms/ }).click()
  await expect(anns).toHaveURL('/settings')
  await expect(bell(pocket)).toHaveAccessibleName('Notifications')

  await expect(far('Read')).toContainText('2', { timeout: 10_000 })

  // To a deck by its number or address.
  const deck = await addDeck(ben, 'Spanish')
  await desk.getByRole('button', { name: 'A deck' }).click()
  await desk.getByRole('combobox', { name: 'A deck' }).selectOption({ label: 'Another deck …' })
  await desk.getByLabel('Deck number').fill(`/decks/${deck}`)
  await expect(desk.getByText('Reaches 1 person')).toBeVisible()
  await desk.getByRole('textbox', { name: 'Title' }).fill('For the deck')
  await desk.getByRole('button', { name: 'Send', exact: true }).click()
  await expect(toast(bens, 'For the deck')).toBeVisible()

  // Cleo's first and only news is that for everyone, which is asked about once more.
  await desk.getByRole('button', { name: 'Everyone' }).click()
  await desk.getByRole('textbox', { name: 'Title' }).fill('For all')
  await desk.getByRole('button', { name: 'Send', exact: true }).click()
  const question = desk.getByRole('alertdialog', { name: 'Send to everyone?' })
  await question.getByRole('button', { name: 'Cancel' }).click()
  await expect(question).toBeHidden()
  await desk.getByRole('button', { name: 'Send', exact: true }).click()
  await question.getByRole('button', { name: 'Send to everyone' }).click()
  await expect(question).toBeHidden()
  for (const page of [anns, bens, cleos]) await expect(toast(page, 'For all')).toBeVisible()
  expect((await inboxOf(cleo)).map(({ title }) => title)).toEqual(['For all'])
})

test('accounts are made, disabled, let in again and deleted', async ({ admin, person, device }) => {
  const ann = await person('ann')
  const [page, hers] = [await device(admin, '/admin'), await device(ann, '/decks')]
  await live(page, hers)
  const row = (name: string) => page.getByRole('list', { name: 'Users' }).getByRole('listitem').filter({ hasText: name })
  const choose = async (name: string, deed: string) => {
    await row(name).getByRole('button', { name: `What to do with ${name}` }).click()
    await page.getByRole('menuitem', { name: deed }).click()
  }

  const fresh = `fresh-${ann.username}`
  await page.getByRole('button', { name: 'New user' }).click()
  const dialog = page.getByRole('dialog', { name: 'New user' })
  await dialog.getByLabel('Username').fill(ann.username.toUpperCase())
  await dialog.getByRole('button', { name: 'Suggest a password' }).click()
  const suggested = await dialog.getByRole('status').innerText()
  await dialog.getByRole('button', { name: 'Create user' }).click()
  await expect(dialog.getByText('This name is taken. Choose another one.')).toBeVisible()
  await dialog.getByLabel('Username').fill(fresh)
  await dialog.getByRole('button', { name: 'Create user' }).click()
  await expect(dialog).toBeHidden()
  await expect(row(fresh)).toBeVisible()
  const theirs = await device({ username: fresh, password: suggested }, '/decks')
  await live(theirs)

  await choose(ann.username, 'Disable')
  await expect(row(ann.username).getByText('Disabled')).toBeVisible()
  await expect(hers).toHaveURL(/\/sign-in/)
  await toast(page, 'is disabled').getByRole('button', { name: 'Undo' }).click()
  await expect(row(ann.username).getByText('Disabled')).toBeHidden()

  await choose(fresh, 'Set new password')
  await page.getByLabel('New password', { exact: true }).fill('a wholly new password')
  await page.getByRole('button', { name: 'Set password' }).click()
  await expect(theirs).toHaveURL(/\/sign-in/)

  await choose(fresh, 'Delete')
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete user' }).click()
  await expect(row(fresh)).toHaveCount(0)

  // The last admin stays one.
  await choose('admin', 'Take admin role away')
  await page.getByRole('alertdialog').getByRole('button', { name: 'Give it up' }).click()
  await expect(page.getByRole('alertdialog').getByText('This is the last admin.')).toBeVisible()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel' }).click()
  await expect(row('admin').getByText('Admin', { exact: true })).toBeVisible()
})

test('there is no admin page for others', async ({ person, device }) => {
  const page = await device(await person('ann'), '/admin')
  await expect(page.getByRole('heading', { name: 'There is no such page' })).toBeVisible()
})
