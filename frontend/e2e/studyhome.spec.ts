import type { Page } from '@playwright/test'
import { expectFitForAll } from './support/axe'
import { deckTile, note, tabTo, toast } from './support/page'
import { addDeck, addNote, answer, share } from './support/seed'
import { expect, live, phone, test } from './support/test'

const rows = (page: Page) => page.getByRole('list', { name: 'Decks with cards to study' }).locator('> li')
const row = (page: Page, deck: string) => rows(page).filter({ hasText: deck })
const main = (page: Page) => page.getByRole('main')

test('the first page is what there is to study, most due first, and follows answers given elsewhere', async ({ person, device }) => {
  const ann = await person('ann')
  const [spanish, go] = [await addDeck(ann, 'Spanish'), await addDeck(ann, 'Go')]
  await addDeck(ann, 'Empty')
  for (const front of ['uno', 'dos', 'tres']) await addNote(ann, spanish, front)
  for (const front of ['chan', 'go']) await addNote(ann, go, front)
  await answer(ann, go, 1)

  const page = await device(ann, '/')
  await live(page)
  await expect(page).toHaveURL('/study')
  await expect(page).toHaveTitle(/Study · Aoki/)
  await expect(rows(page)).toHaveText([/Go\s*1 new\s*1 learning\s*0 due/, /Spanish\s*3 new\s*0 learning\s*0 due/])
  await expect(main(page)).toContainText(/5\s*cards to study/)
  await expect(main(page).getByRole('link', { name: 'Study Go', exact: true }).first()).toHaveAttribute('href', `/decks/${go}/study`)
  await expect(row(page, 'Spanish').getByRole('link')).toHaveAttribute('href', `/decks/${spanish}/study`)

  // On another device: two answers, which change the order, and a new card.
  await answer(ann, spanish, 1, 1)
  await expect(rows(page)).toHaveText([/Spanish\s*1 new\s*2 learning/, /Go\s*1 new\s*1 learning/])
  await addNote(ann, go, 'select')
  await expect(row(page, 'Go')).toContainText('2 new')
  await page.goto('/decks')
  await live(page)
  await expect(deckTile(page, 'Spanish')).toContainText('2 learning')
  await answer(ann, spanish, 4)
  await expect(deckTile(page, 'Spanish')).toContainText('0 new')
})

test('who is done hears so, on all devices; who is new is led on', async ({ person, device }) => {
  const ann = await person('ann')
  const [page, pocket] = [await device(ann, '/'), await device(ann, '/study', phone)]
  await live(page, pocket)
  await expect(page).toHaveURL('/decks')
  await expect(pocket.getByRole('heading', { name: 'Welcome to Aoki' })).toBeVisible()

  const deck = await addDeck(ann, 'Spanish')
  await expect(pocket.getByRole('link', { name: 'Add cards' })).toHaveAttribute('href', `/decks/${deck}`)
  await expectFitForAll(pocket)
  await addNote(ann, deck, 'hola')
  await expect(rows(pocket)).toHaveText([/Spanish\s*1 new/])
  await answer(ann, deck, 4)
  await expect(pocket.getByRole('heading', { name: 'All done for today' })).toBeVisible()
  await expect(pocket.getByText('Next cards: in 8 days.')).toBeVisible()
  await expectFitForAll(pocket)
})

test('the study page by keyboard and for everybody', async ({ person, device }) => {
  const ann = await person('ann')
  const deck = await addDeck(ann, 'Spanish')
  const long = await addDeck(ann, 'Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenverordnung')
  await addDeck(ann, '中文词汇')
  for (const at of [deck, long]) await addNote(ann, at, 'hola')
  const done = await addDeck(ann, 'Go')
  await addNote(ann, done, 'chan')
  await answer(ann, done, 4)
  const page = await device(ann, '/study')
  await live(page)
  await expect(rows(page)).toHaveCount(2)
  await expectFitForAll(page)
  await tabTo(page, row(page, 'Spanish').getByRole('link'))
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(`/decks/${deck}/study`)
})

test('how I study a deck is mine, is checked, and goes over to my other devices', async ({ person, device }) => {
  const [ann, ben] = [await person('ann'), await person('ben')]
  const deck = await addDeck(ann, 'Spanish')
  for (const front of ['uno', 'dos', 'tres']) await addNote(ann, deck, front)
  await share(ann, deck, ben, 'viewer')
  const [page, other] = [await device(ann, `/decks/${deck}`), await device(ann, `/decks/${deck}/settings`)]
  await live(page, other)
  await page.getByRole('button', { name: 'More for “Spanish”' }).click()
  await page.getByRole('menuitem', { name: 'How I study this deck' }).click()
  await expect(page).toHaveURL(`/decks/${deck}/settings`)
  await expect(page.getByText('the others who have this deck keep their own way')).toBeVisible()
  await expectFitForAll(page)

  const field = (at: Page, name: string) => at.getByLabel(name, { exact: true })
  await field(page, 'New cards a day').fill('2')
  await field(page, 'Learning steps').fill('1m soon')
  await page.getByText('Advanced').click()
  await field(page, 'FSRS weights').fill('1, 2, 3')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('“soon” is no time.')).toBeVisible()
  await expect(page.getByText('These must be 19 or 21 numbers')).toBeVisible()
  await expect(field(page, 'Learning steps')).toBeFocused()
  await expectFitForAll(page)

  await field(page, 'Learning steps').fill('30s 5m 1h')
  // The server has a word in it too: what no set of weights may be.
  await field(page, 'FSRS weights').fill(Array(21).fill('999').join(' '))
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(field(page, 'FSRS weights')).toHaveAttribute('aria-invalid', 'true')
  await field(page, 'FSRS weights').fill('')
  await page.getByRole('slider', { name: 'Desired retention' }).fill('94')
  await expect(field(page, 'Desired retention in percent')).toHaveValue('94')
  await expect(page.getByText('you still know it in 94 of 100 cases')).toBeVisible()
  await page.getByRole('switch', { name: 'Keep siblings apart' }).click()
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('Saved', { exact: true })).toBeVisible()
  await expect(field(other, 'Learning steps')).toHaveValue('30s 5m 1h')
  await expect(field(other, 'Desired retention in percent')).toHaveValue('94')
  const stored = await (await ann.api.get(`/api/v1/decks/${deck}/preset`)).json()
  expect(stored).toMatchObject({ new_per_day: 2, steps: [30, 300, 3600], retention: 0.94, bury_siblings: true, maximum_interval: 36500 })
  expect((await (await ben.api.get(`/api/v1/decks/${deck}/preset`)).json()).new_per_day).toBe(20)

  // Fewer new cards a day are fewer everywhere.
  await page.goto('/study')
  await expect(row(page, 'Spanish')).toContainText('2 new')
  await field(other, 'New cards a day').fill('1')
  await other.getByRole('button', { name: 'Save' }).click()
  await expect(row(page, 'Spanish')).toContainText('1 new')

  // What is not saved is not lost by a slip.
  await field(other, 'Reviews a day').fill('50')
  await other.getByRole('link', { name: 'Spanish' }).click()
  await other.getByRole('alertdialog').getByRole('button', { name: 'Cancel' }).click()
  await other.getByRole('button', { name: 'Save' }).click()
  await expect(other.getByText('Saved', { exact: true })).toBeVisible()

  await other.getByRole('button', { name: 'Back to the defaults' }).click()
  await expect(field(other, 'Reviews a day')).toHaveValue('200')
  await expect(row(page, 'Spanish')).toContainText('3 new')
  await toast(other, 'Back to the defaults').getByRole('button', { name: 'Undo' }).click()
  await expect(field(other, 'Reviews a day')).toHaveValue('50')
  await expect(row(page, 'Spanish')).toContainText('1 new')
})

test('a card is suspended and flagged from the list, for me alone', async ({ person, device }) => {
  const [ann, ben] = [await person('ann'), await person('ben')]
  const deck = await addDeck(ann, 'Spanish')
  await addNote(ann, deck, 'hola')
  await addNote(ann, deck, 'adiós')
  await share(ann, deck, ben, 'viewer')
  const [page, other] = [await device(ann, `/decks/${deck}`), await device(ann, '/study')]
  await live(page, other)
  await expect(row(other, 'Spanish')).toContainText('2 new')
  await note(page, 'hola').hover()
  await page.getByRole('button', { name: 'How you study “hola”' }).click()
  const box = page.getByRole('dialog', { name: 'How you study it' })
  await box.getByRole('button', { name: 'Suspend' }).click()
  await expect(box.getByText('Suspended')).toBeVisible()
  await box.getByLabel('Flag').selectOption('Flag 4')
  await expect(row(other, 'Spanish')).toContainText('1 new')
  await expectFitForAll(page)
  await page.keyboard.press('Escape')

  // It shows where the note is open too, and a viewer has their own.
  await note(page, 'hola').getByRole('button').first().click()
  const open = page.getByRole('dialog', { name: 'Edit card' })
  await expect(open.getByText('Suspended')).toBeVisible()
  await expect(open.getByLabel('Flag')).toHaveValue('4')
  await open.getByRole('button', { name: 'Card info' }).click()
  await expect(page.getByRole('dialog', { name: 'Card info' })).toContainText('New')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog', { name: 'Card info' })).toBeHidden()
  await open.getByRole('button', { name: 'Release' }).click()
  await expect(open.getByText('Suspended')).toBeHidden()
  await expect(row(other, 'Spanish')).toContainText('2 new')
  const bens = await device(ben, `/decks/${deck}`)
  await note(bens, 'hola').getByRole('button').first().click()
  await expect(bens.getByRole('dialog', { name: 'Card' }).getByLabel('Flag')).toHaveValue('0')
})
