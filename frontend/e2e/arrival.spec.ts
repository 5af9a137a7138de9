import { addCard, badge, bell, bellPanel, deckTile, note, notes, setInSight, toast, writeCard } from './support/page'
import { addDeck, inboxOf, push } from './support/seed'
import { connection, expect, live, phone, test } from './support/test'
import { toastsOf } from './support/toasts'

test('a card added on one device is on the other within a second, and nobody else hears of it', async ({ admin, person, device }) => {
  const [ann, ben] = [await person('ann'), await person('ben')]
  const deck = await addDeck(ann, 'Spanish')
  const [laptop, pocket, bens] = [await device(ann, `/decks/${deck}`), await device(ann, `/decks/${deck}`, phone), await device(ben, '/decks')]
  await live(laptop, pocket, bens)

  await laptop.getByRole('button', { name: 'Add your first card' }).click()
  await writeCard(laptop, 'hola', 'hello')
  await Promise.all([note(pocket, 'hola').waitFor({ timeout: 1000 }), laptop.keyboard.press('Control+Enter')])
  await expect(note(pocket, 'hola')).toContainText('hello')
  await expect(note(laptop, 'hola')).toHaveCount(1)

  // What stands on the screen anyway needs no toast, but on another page it does.
  await pocket.getByRole('link', { name: 'Decks' }).first().click()
  await expect(deckTile(pocket, 'Spanish')).toContainText('1 new')
  await writeCard(laptop, 'adiós', 'goodbye')
  await Promise.all([toast(pocket, '2 new cards in Spanish').waitFor({ timeout: 1000 }), laptop.keyboard.press('Control+Enter')])
  await expect(toast(pocket)).toContainText('adiós')
  await expect(deckTile(pocket, 'Spanish')).toContainText('2 new')
  await expect(badge(pocket)).toHaveText('1')
  await expect(badge(laptop)).toHaveText('1')
  await expect(pocket).toHaveTitle('(1) Decks · Aoki')

  // Opening the bell on one device is seen on all of them, and so is reading.
  await bell(laptop).click()
  await expect(bellPanel(laptop).getByRole('link', { name: /2 new cards in Spanish/ })).toBeVisible()
  await expect(badge(laptop)).toBeHidden()
  await expect(badge(pocket)).toBeHidden()
  await expect(bell(pocket)).toHaveAccessibleName('Notifications, 1 unread')
  await bellPanel(laptop).getByRole('link', { name: /2 new cards in Spanish/ }).click()
  await expect(bell(pocket)).toHaveAccessibleName('Notifications')
  await expect(pocket).toHaveTitle('Decks · Aoki')
  await expect(toast(pocket)).toBeHidden()

  // A last message for both closes the account: nothing else has come before it.
  await push(admin, [ann, ben], 'The end')
  for (const page of [laptop, pocket, bens]) await expect(toast(page, 'The end')).toBeVisible()
  expect(await toastsOf(pocket)).toEqual(['2 new cards in Spanish', 'The end'])
  expect(await toastsOf(laptop)).toEqual(['The end'])
  expect(await toastsOf(bens)).toEqual(['The end'])
  await expect(badge(bens)).toHaveText('1')
  expect((await inboxOf(ben)).map(({ title }) => title)).toEqual(['The end'])
})

test('who was offline gets what came meanwhile: each once, in order, and told in one toast', async ({ admin, person, device }) => {
  const ann = await person('ann')
  const deck = await addDeck(ann, 'Spanish')
  const words = ['uno', 'dos', 'tres', 'cuatro', 'cinco']
  const [laptop, train] = [await device(ann, `/decks/${deck}`), await device(ann, '/decks', phone)]
  const behind = await train.context().newPage()
  await behind.goto(`/decks/${deck}`)
  await setInSight(behind, false)
  await laptop.getByRole('button', { name: 'Add your first card' }).click()
  await addCard(laptop, 'cero', '0')
  await live(laptop, train, behind)
  await expect(toast(train, 'New card in Spanish')).toBeVisible()
  await expect(note(behind, 'cero')).toBeVisible()

  await train.context().setOffline(true)
  for (const page of [train, behind]) await expect(connection(page)).toHaveText('Offline', { timeout: 10_000 })
  for (const [i, word] of words.entries()) await addCard(laptop, word, String(i + 1))
  for (let i = 1; i <= 4; i++) await push(admin, [ann], `Message ${i}`)
  await expect(train.getByText('You are offline. What happens meanwhile appears when you are back.')).toBeVisible({ timeout: 10_000 })
  await expect(notes(behind)).toHaveCount(1)

  await train.context().setOffline(false)
  await live(train, behind)
  await expect(train.getByText('You are offline.')).toBeHidden()
  await expect(notes(behind)).toHaveText([...words.toReversed(), 'cero'].map((word) => new RegExp(`^\\s*${word}`)))
  await expect(deckTile(train, 'Spanish')).toContainText('6 new')
  await expect(badge(train)).toHaveText('5')
  await expect(toast(train, '5 new notifications while you were away')).toBeVisible()

  await push(admin, [ann], 'The end')
  await expect(badge(train)).toHaveText('6')
  // Right after a summary it is counted with it; had this taken long, it would stand alone.
  await expect.poll(() => toastsOf(train)).toEqual(['New card in Spanish', '5 new notifications while you were away', expect.stringMatching(/^(6 new notifications|The end)$/)])
  expect(await toastsOf(behind)).toEqual([])
})
