import { expectFitForAll } from './support/axe'
import { badge, bell, toast } from './support/page'
import { addDeck } from './support/seed'
import { expect, live, test } from './support/test'

test.describe.configure({ timeout: 60_000 })

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

test('a message goes to whom it names, and one sees how far it has come', async ({ admin, person, device }) => {
  const [ann, ben] = [await person('ann'), await person('ben')]
  const [page, hers, his] = [await device(admin, '/admin?show=messages'), await device(ann, '/decks'), await device(ben, '/decks')]
  await live(page, hers, his)
  const form = page.locator('form')

  const names = form.getByRole('combobox', { name: 'Usernames' })
  await names.fill(`${ann.username}, nobody-at-all,`)
  await expect(form.getByText('Nobody who can sign in has the marked names.')).toBeVisible()
  await form.getByRole('button', { name: 'Remove nobody-at-all' }).click()
  await expect(form.getByText('Reaches 1 person, 1 online now.')).toBeVisible()
  await form.getByRole('button', { name: 'Send' }).click()
  await expect(form.getByText('Please fill this in.')).toBeVisible()
  await form.getByLabel('Title').fill('For ann')
  await form.getByLabel('Link').fill('javascript:alert(1)')
  await form.getByRole('button', { name: 'Send' }).click()
  await expect(form.getByText('Begin with / for a page')).toBeVisible()
  await form.getByLabel('Link').fill('/inbox')
  await expect(page.getByRole('figure', { name: 'Dark' })).toContainText('For ann')
  await form.getByRole('button', { name: 'Send' }).click()
  await expect(form.getByText('Sent to 1 person, 1 online.')).toBeVisible()
  await expect(toast(hers, 'For ann')).toBeVisible()
  await expect(bell(his)).toHaveAccessibleName('Notifications')

  const sent = page.getByRole('list', { name: 'Sent messages' }).getByRole('listitem').filter({ hasText: 'For ann' })
  await expect(sent).toContainText('In inboxes')
  await toast(hers, 'For ann').getByRole('button', { name: 'Open' }).click()
  await expect(hers).toHaveURL('/inbox')
  await expect(sent.locator('dl > div', { hasText: 'Read' })).toContainText('1', { timeout: 10_000 })

  // To a deck by its number, and to everybody only after a question.
  const deck = await addDeck(ben, 'Spanish')
  await form.getByText('A deck', { exact: true }).click()
  await form.getByRole('combobox').selectOption({ label: 'Another deck …' })
  await form.getByLabel('Deck number').fill(`/decks/${deck}`)
  await form.getByLabel('Title').fill('For the deck')
  await expect(form.getByText('Reaches 1 person')).toBeVisible()
  await form.getByRole('button', { name: 'Send' }).click()
  await expect(toast(his, 'For the deck')).toBeVisible()
  await form.getByText('Everyone', { exact: true }).click()
  await form.getByLabel('Title').fill('For all')
  await form.getByRole('button', { name: 'Send' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Send to everyone' }).click()
  for (const at of [hers, his]) await expect(badge(at)).toBeVisible()
  await expect(toast(his, 'For all')).toBeVisible()
})

test('there is no admin page for others', async ({ person, device }) => {
  const page = await device(await person('ann'), '/admin')
  await expect(page.getByRole('heading', { name: 'There is no such page' })).toBeVisible()
})

test('the admin pages suit everybody', async ({ admin, person, device }) => {
  test.setTimeout(120_000)
  const ann = await person('ann')
  const page = await device(admin, '/admin')
  await live(page)
  await expect(page.getByRole('button', { name: `What to do with ${ann.username}` })).toBeVisible()
  await expectFitForAll(page)
  await page.getByRole('button', { name: 'New user' }).click()
  await page.getByRole('button', { name: 'Suggest a password' }).click()
  await page.getByRole('button', { name: 'Create user' }).click()
  await expectFitForAll(page)
  await page.goto('/admin?show=messages')
  await page.getByRole('combobox', { name: 'Usernames' }).fill(`${ann.username}, nobody-at-all,`)
  await expect(page.getByText('Nobody who can sign in has the marked names.')).toBeVisible()
  await page.getByRole('button', { name: 'Send', exact: true }).click()
  await expectFitForAll(page)
})
