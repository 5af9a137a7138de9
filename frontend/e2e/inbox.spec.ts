import type { Page } from '@playwright/test'
import { bell, toast } from './support/page'
import { addDeck, addNote, push } from './support/seed'
import { expect, live, test } from './support/test'

const items = (page: Page) => page.getByRole('main').locator('[data-item]')
const item = (page: Page, title: string) => items(page).filter({ hasText: title })
const tab = (page: Page, name: RegExp | string) => page.getByRole('tab', { name })

test('an item goes to the archive and comes back, on every device', async ({ admin, person, device }) => {
  const ann = await person('ann')
  for (const title of ['One', 'Two', 'Three']) await push(admin, [ann], title)
  const [page, other] = [await device(ann, '/inbox'), await device(ann, '/inbox')]
  await live(page, other)
  await expect(items(page)).toHaveText([/Three/, /Two/, /One/])

  await item(page, 'Two').hover()
  await item(page, 'Two').getByRole('button', { name: 'Archive' }).click()
  for (const at of [page, other]) await expect(items(at)).toHaveText([/Three/, /One/])
  await tab(page, 'Archived').click()
  await expect(items(page)).toHaveText([/Two/])
  await toast(page, 'Archived').getByRole('button', { name: 'Undo' }).click()
  await expect(page.getByRole('heading', { name: 'No archive yet' })).toBeVisible()
  await expect(items(other)).toHaveText([/Three/, /Two/, /One/])

  // From the archive it can be brought back later too.
  await tab(page, 'All').click()
  await item(page, 'One').getByRole('button', { name: /^More for/ }).click()
  await page.getByRole('menuitem', { name: 'Archive' }).click()
  await page.goto('/inbox?show=archived')
  await item(page, 'One').getByRole('button', { name: /^More for/ }).click()
  await page.getByRole('menuitem', { name: 'Move to inbox' }).click()
  await expect(page.getByRole('heading', { name: 'No archive yet' })).toBeVisible()
  await expect(items(other)).toHaveText([/Three/, /Two/, /One/])
})

test('mark all read says how many, reaches the other devices, and can be undone', async ({ admin, person, device }) => {
  const ann = await person('ann')
  for (let n = 1; n <= 60; n++) await push(admin, [ann], `Message ${n}.`)
  const [page, other] = [await device(ann, '/inbox'), await device(ann, '/decks')]
  await live(page, other)
  await expect(bell(other)).toHaveAccessibleName('Notifications, 60 unread')
  await expect(tab(page, /Unread/)).toContainText('60')
  await item(page, 'Message 60.').getByRole('button', { name: 'Message 60.' }).first().click()
  await expect(bell(other)).toHaveAccessibleName('Notifications, 59 unread')

  await page.getByRole('button', { name: 'Mark all read' }).click()
  await expect(toast(page, '59 marked as read')).toBeVisible()
  await expect(bell(other)).toHaveAccessibleName('Notifications')
  await tab(page, /Unread/).click()
  await expect(page.getByRole('heading', { name: 'All read' })).toBeVisible()
  await toast(page, '59 marked as read').getByRole('button', { name: 'Undo' }).click()
  await expect(bell(other)).toHaveAccessibleName('Notifications, 59 unread')
  await expect(item(page, 'Message 59.')).toBeVisible()
  await expect(item(page, 'Message 60.')).toHaveCount(0)

  // The list goes on when one scrolls down, to the very first.
  await tab(page, 'All').click()
  await expect(async () => {
    await page.mouse.wheel(0, 5000)
    await expect(item(page, 'Message 1.')).toBeVisible({ timeout: 250 })
  }).toPass()
  await expect(items(page)).toHaveCount(60)
})

test('the inbox by single keys, which rest while one writes', async ({ admin, person, device }) => {
  const ann = await person('ann')
  for (const title of ['One', 'Two', 'Three']) await push(admin, [ann], title)
  const deck = await addDeck(ann, 'Spanish')
  await addNote(ann, deck, 'hola')
  const page = await device(ann, '/inbox')
  await live(page)
  await expect(items(page)).toHaveText([/New card in Spanish/, /Three/, /Two/, /One/])
  const opener = (title: string) => item(page, title).locator('[data-open]')

  await page.keyboard.press('j')
  await expect(opener('New card in Spanish')).toBeFocused()
  await page.keyboard.press('j')
  await page.keyboard.press('j')
  await expect(opener('Two')).toBeFocused()
  await page.keyboard.press('k')
  await expect(opener('Three')).toBeFocused()
  await page.keyboard.press('u')
  await expect(opener('Three')).not.toContainText('Unread')
  await page.keyboard.press('e')
  await expect(items(page)).toHaveText([/New card in Spanish/, /Two/, /One/])
  await expect(opener('Two')).toBeFocused()
  await page.keyboard.press('?')
  const help = page.getByRole('dialog', { name: 'Keyboard' })
  await expect(help.getByText('Archive it, or bring it back')).toBeVisible()
  await page.keyboard.press('e')
  await page.keyboard.press('Escape')
  await expect(help).toBeHidden()
  await expect(items(page)).toHaveCount(3)
  await page.keyboard.press('k')
  await expect(opener('New card in Spanish')).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(`/decks/${deck}`)
  await expect(bell(page)).toHaveAccessibleName('Notifications, 2 unread')

  await page.getByRole('searchbox').press('e')
  await page.keyboard.type('juke')
  await expect(page.getByRole('searchbox')).toHaveValue('ejuke')
})

test('what comes while one reads waits behind a pill, and moves nothing', async ({ admin, person, device }) => {
  const ann = await person('ann')
  await push(admin, [ann], 'Old')
  const page = await device(ann, '/inbox')
  await live(page)
  await expect(items(page)).toHaveText([/Old/])
  await push(admin, [ann], 'New', { body: 'With a link', link: '/decks' })
  await page.getByRole('button', { name: '1 new' }).click()
  await expect(items(page)).toHaveText([/New/, /Old/])
  await item(page, 'New').getByRole('link', { name: 'New' }).click()
  await expect(page).toHaveURL('/decks')
  await page.goBack()
  await expect(item(page, 'New').locator('[data-open]')).not.toContainText('Unread')
})
