import type { Page } from '@playwright/test'
import { expectFitForAll } from './support/axe'
import { toast } from './support/page'
import { addDeck, share } from './support/seed'
import { expect, live, test, type Person } from './support/test'

const section = (page: Page) => page.getByRole('region', { name: 'Reminders' })
const list = (page: Page) => section(page).getByRole('listitem')
const box = (page: Page, name: string) => page.getByRole('dialog', { name })
const remindersOf = async (person: Person) => (await (await person.api.get('/api/v1/reminders')).json()).items

test('the daily digest is there from the first day, changes its hour, and goes off and on', async ({ person, device }) => {
  const ann = await person('ann')
  const [page, other] = [await device(ann, '/settings'), await device(ann, '/settings')]
  await live(page, other)
  const digest = section(page).getByRole('switch', { name: 'Daily digest' })
  await expect(digest).toBeChecked()
  await expect(section(page).getByLabel('Time', { exact: true })).toHaveValue('08:00')
  await expect(section(page).getByText(/^Every day · next/)).toBeVisible()

  await section(page).getByLabel('Time', { exact: true }).fill('06:30')
  await section(page).getByLabel('Time', { exact: true }).blur()
  await expect(section(other).getByLabel('Time', { exact: true })).toHaveValue('06:30')
  await section(page).getByRole('button', { name: 'Edit digest' }).click()
  for (const day of ['Saturday', 'Sunday']) await box(page, 'Edit digest').getByRole('button', { name: day }).click()
  await box(page, 'Edit digest').getByRole('switch', { name: /Only if/ }).click()
  await box(page, 'Edit digest').getByRole('button', { name: 'Save' }).click()
  await expect(section(other).getByText(/^Monday to Friday · unless studied · next/)).toBeVisible()
  await digest.click()
  await expect(section(other).getByRole('switch', { name: 'Daily digest' })).not.toBeChecked()
  expect(await remindersOf(ann)).toEqual([expect.objectContaining({ deck: null, at: '06:30', days: [1, 2, 3, 4, 5], unless_studied: true, enabled: false, next_at: null })])
})

test('reminders of a deck: added by keyboard, checked, changed, deleted with a way back', async ({ person, device }) => {
  const [ann, ben] = [await person('ann'), await person('ben')]
  const deck = await addDeck(ann, 'Spanish')
  await share(ann, deck, ben, 'viewer')
  const [page, all] = [await device(ann, `/decks/${deck}/settings`), await device(ann, '/settings')]
  await live(page, all)
  await expect(section(page).getByText('None for this deck yet.')).toBeVisible()

  await section(page).getByRole('button', { name: 'Add reminder' }).press('Enter')
  const dialog = box(page, 'New reminder')
  await expect(dialog.getByLabel('Time')).toBeFocused()
  await dialog.getByLabel('Time').fill('19:30')
  await dialog.getByLabel('Cards due, at least').fill('0')
  for (const day of ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']) await dialog.getByRole('button', { name: day }).press('Space')
  await dialog.getByRole('button', { name: 'Add reminder' }).press('Enter')
  await expect(dialog.getByText('Choose at least one day.')).toBeVisible()
  await expect(dialog.getByText('Write a whole number from 1 to 9999.')).toBeVisible()
  await expectFitForAll(page)
  await dialog.getByLabel('Cards due, at least').fill('10')
  await dialog.getByRole('button', { name: 'Saturday' }).click()
  await dialog.getByRole('button', { name: 'Sunday' }).click()
  await dialog.getByLabel('Cards due, at least').press('Enter')
  await expect(list(page)).toHaveText([/7:30 PM\s*Weekends · from 10 cards · next/])
  await expect(list(all)).toHaveText([/7:30 PM · Spanish\s*Weekends · from 10 cards · next/])

  // From the settings, of a deck to choose; and switched off there.
  await section(all).getByRole('button', { name: 'Add reminder' }).click()
  await box(all, 'New reminder').getByLabel('Deck').selectOption('Spanish')
  await box(all, 'New reminder').getByLabel('Time').fill('07:00')
  await expectFitForAll(all)
  await box(all, 'New reminder').getByRole('button', { name: 'Add reminder' }).click()
  await expect(list(page)).toHaveText([/7:00 AM\s*Every day · next/, /7:30 PM/])
  await list(all).first().getByRole('switch').click()
  await expect(list(page).first().getByRole('switch')).not.toBeChecked()
  await expectFitForAll(page)
  await expectFitForAll(all)

  await page.getByRole('button', { name: 'Edit the reminder at 7:30 PM, Spanish' }).click()
  await box(page, 'Edit reminder').getByLabel('Time').fill('20:15')
  await box(page, 'Edit reminder').getByRole('button', { name: 'Save' }).click()
  await expect(list(all).last()).toContainText('8:15 PM · Spanish')

  await page.getByRole('button', { name: 'Delete the reminder at 8:15 PM, Spanish' }).click()
  await expect(list(page)).toHaveCount(1)
  await toast(page, 'Reminder deleted').getByRole('button', { name: 'Undo' }).click()
  await expect(list(page)).toHaveCount(2)
  await page.getByRole('button', { name: 'Delete the reminder at 8:15 PM, Spanish' }).click()
  await expect(toast(page, 'Reminder deleted')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(list(all)).toHaveText([/7:00 AM · Spanish/])

  // They are Ann's own.
  const bens = await device(ben, `/decks/${deck}/settings`)
  await expect(section(bens).getByText('None for this deck yet.')).toBeVisible()
})

test('hours follow the profile; where the device has others, it offers its own', async ({ person, device }) => {
  const ann = await person('ann')
  const page = await device(ann, '/settings')
  await live(page)
  await expect(section(page).getByText('This device is in Vienna; your hours are those of UTC.')).toBeVisible()
  await section(page).getByRole('button', { name: 'Use Vienna' }).click()
  await expect(section(page).getByText('This device is in Vienna')).toBeHidden()
  await expect(page.getByRole('combobox', { name: 'Time zone' })).toHaveValue(/^Vienna/)
  expect((await (await ann.api.get('/api/v1/me')).json()).time_zone).toBe('Europe/Vienna')
})
