import { addCard, badge, composer, deckTile, note, toast } from './support/page'
import { addDeck, addNote, share } from './support/seed'
import { expect, live, test } from './support/test'
import { toastsOf } from './support/toasts'

test('a shared deck appears, may be looked at, then edited, and goes again, all of it live', async ({ person, device }) => {
  const [ann, ben] = [await person('ann'), await person('ben')]
  const deck = await addDeck(ann, 'Spanish', 'For the summer')
  const first = await addNote(ann, deck, 'hola', 'hello', ['greeting'])
  const [anns, bens] = [await device(ann, `/decks/${deck}`), await device(ben, '/decks')]
  await live(anns, bens)
  await expect(bens.getByRole('heading', { name: 'Welcome to Aoki' })).toBeVisible()

  // Ann gives it to Ben, to look at.
  await anns.getByRole('button', { name: 'Share', exact: true }).click()
  const sharing = anns.getByRole('dialog', { name: 'Share “Spanish”' })
  await sharing.getByLabel('Username').fill('nobody-here')
  await anns.keyboard.press('Enter')
  await expect(sharing.getByText('There is nobody named “nobody-here” here.')).toBeVisible()
  await sharing.getByLabel('Username').fill(ben.username.toUpperCase())
  await anns.keyboard.press('Enter')
  await expect(sharing.getByText(`${ben.username} has the deck now.`)).toBeVisible()
  await expect(deckTile(bens, 'Spanish')).toContainText('Can view')
  await expect(toast(bens, `${ann.username} shared Spanish with you`)).toBeVisible()
  await expect(badge(bens)).toHaveText('1')

  // A viewer sees everything and can change nothing.
  await deckTile(bens, 'Spanish').getByRole('link', { name: 'Spanish' }).click()
  await note(bens, 'hola').getByRole('button').first().click()
  const card = bens.getByRole('dialog', { name: 'Card' })
  await expect(card.getByText('hello')).toBeVisible()
  await expect(card.getByRole('button', { name: /Save|Delete/ })).toHaveCount(0)
  await bens.keyboard.press('Escape')
  await expect(card).toBeHidden()
  await expect(bens.getByRole('button', { name: /Add|Delete|Share/ })).toHaveCount(0)
  expect((await ben.api.post(`/api/v1/decks/${deck}/notes`, { data: { type: 'basic', fields: { Front: 'x', Back: 'y' } } })).status()).toBe(403)
  expect((await ben.api.delete(`/api/v1/notes/${first}`)).status()).toBe(403)

  // As an editor he adds a card, which reaches its owner.
  await sharing.getByLabel(`Role of ${ben.username}`).selectOption('Can edit')
  await bens.getByRole('button', { name: 'Add card' }).click()
  await sharing.getByRole('button', { name: 'Done' }).click()
  await anns.getByRole('link', { name: 'Inbox' }).first().click()
  const news = anns.getByRole('main').getByRole('listitem')
  await expect(news).toContainText(['New card in Spanish'])
  await addCard(bens, 'adiós', 'goodbye')
  await expect(news).toContainText(['2 new cards in Spanish'])
  await expect(news).toContainText('adiós')
  await expect(news).toContainText(`by ${ann.username} and ${ben.username}`)
  await news.getByRole('link', { name: /2 new cards in Spanish/ }).click()
  await expect(note(anns, 'adiós')).toContainText('goodbye')

  // Removed again, it is gone under his hands, and what he wrote there goes nowhere.
  await composer(bens).getByLabel('Front').fill('too late')
  await anns.getByRole('button', { name: '2 people have this deck' }).click()
  await sharing.getByRole('button', { name: `Remove ${ben.username}` }).click()
  await expect(sharing.getByRole('button', { name: 'Undo' })).toBeVisible()
  await sharing.getByRole('button', { name: 'Done' }).click()
  await expect(bens.getByRole('heading', { name: 'This deck is not here' })).toBeVisible()
  await bens.getByRole('link', { name: 'All decks' }).click()
  await expect(bens.getByRole('heading', { name: 'Welcome to Aoki' })).toBeVisible()
  expect((await ben.api.get(`/api/v1/decks/${deck}`)).status()).toBe(404)
  expect(await toastsOf(bens)).toEqual([`${ann.username} shared Spanish with you`])
})

test('what one member edits or deletes, the others see at once', async ({ person, device }) => {
  const [ann, ben] = [await person('ann'), await person('ben')]
  const deck = await addDeck(ann, 'Spanish')
  const id = await addNote(ann, deck, 'hola', 'hallo')
  await share(ann, deck, ben, 'editor')
  const [anns, bens] = [await device(ann, `/decks/${deck}`), await device(ben, `/decks/${deck}?note=${id}`)]
  await live(anns, bens)
  const editor = bens.getByRole('dialog', { name: 'Edit card' })
  await expect(editor.getByLabel('Back')).toHaveValue('hallo')

  // What nobody has touched follows; what somebody is writing does not.
  expect((await ann.api.patch(`/api/v1/notes/${id}`, { data: { fields: { Front: 'hola', Back: 'hello' } } })).ok()).toBe(true)
  await expect(editor.getByLabel('Back')).toHaveValue('hello')
  await editor.getByLabel('Back').fill('hello!')
  expect((await ann.api.patch(`/api/v1/notes/${id}`, { data: { fields: { Front: '¡hola!', Back: 'hello' } } })).ok()).toBe(true)
  await expect(editor.getByText('This card was changed elsewhere while you were writing.')).toBeVisible()
  await expect(editor.getByLabel('Back')).toHaveValue('hello!')
  await expect(note(anns, '¡hola!')).toBeVisible()

  expect((await ann.api.delete(`/api/v1/notes/${id}`)).ok()).toBe(true)
  await expect(editor.getByText('This card was deleted meanwhile.')).toBeVisible()
  await expect(note(anns, 'hola')).toHaveCount(0)
  await editor.getByRole('button', { name: 'Add as a new card' }).click()
  await expect(editor).toBeHidden()
  await expect(note(anns, 'hola')).toContainText('hello!')

  expect((await ann.api.delete(`/api/v1/decks/${deck}`)).ok()).toBe(true)
  for (const page of [anns, bens]) await expect(page.getByRole('heading', { name: 'This deck is not here' })).toBeVisible()
})
