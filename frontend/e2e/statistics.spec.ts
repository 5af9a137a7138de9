import { expectFitForAll } from './support/axe'
import { addDeck, addNote } from './support/seed'
import { expect, live, test, type Person } from './support/test'

const day = 86_400_000

/** Answers the only card of a new note, so many days ago each time. */
async function studied(person: Person, deck: number, name: string, ago: number[], rating = 3): Promise<number> {
  const note = await addNote(person, deck, name)
  const { cards } = await (await person.api.get(`/api/v1/notes/${note}`)).json()
  for (const days of ago) await answer(person, cards[0].id, { rating, answered_at: new Date(Date.now() - days * day).toISOString() })
  return cards[0].id
}

async function answer(person: Person, card: number, data: object): Promise<void> {
  expect((await person.api.post(`/api/v1/cards/${card}/reviews`, { data: { answered_in_ms: 30_000, ...data } })).status()).toBe(201)
}

test('statistics show what was answered, in all decks and in one, and follow other devices', async ({ person, device }) => {
  const ann = await person('ann')
  const spanish = await addDeck(ann, 'Spanish')
  const hola = await studied(ann, spanish, 'hola', [40, 35, 10])
  await studied(ann, spanish, 'adiós', [10, 2], 4)
  await studied(ann, await addDeck(ann, 'Anatomy'), 'femur', [200, 1])

  const page = await device(ann, '/statistics')
  await live(page)
  const calendar = page.getByRole('region', { name: 'Calendar' })
  await expect(calendar).toContainText('7 answers on 6 days of 365.')
  await expect(page.getByText('in all', { exact: false }).first()).toContainText('6 answers in all') // of the last 90 days
  await expect(page.getByRole('link', { name: 'Statistics' })).toHaveAttribute('aria-current', 'page')

  // Each picture has its figures as a table.
  for (const name of ['Calendar', 'What is coming', 'Answers', 'Time', 'Remembered', 'Ratings', 'Cards', 'Intervals', 'Stability', 'Difficulty']) {
    await expect(page.getByRole('region', { name, exact: true }).getByText('As a table')).toBeVisible()
  }
  await calendar.getByText('As a table').click()
  await expect(calendar.getByRole('table').getByRole('row')).toHaveCount(7)
  const ratings = page.getByRole('region', { name: 'Ratings' })
  await ratings.getByText('As a table').click()
  await expect(ratings.getByRole('row', { name: 'Easy' })).toContainText('2')
  await calendar.getByText('As a table').click()

  // The keyboard goes through a picture, and it is read aloud.
  await page.getByRole('group', { name: /^Calendar/ }).focus()
  await page.keyboard.press('ArrowLeft')
  await expect(calendar.locator('[aria-live]')).toHaveText(/Nothing answered|answer/)
  await page.keyboard.press('Escape')
  await expect(calendar.locator('[aria-live]')).toHaveText('')

  await page.getByLabel('Deck').selectOption('Spanish')
  await expect(page).toHaveURL(`/statistics?deck=${spanish}`)
  await expect(calendar).toContainText('5 answers on 4 days of 365.')
  await page.getByRole('button', { name: 'All', exact: true }).or(page.getByRole('radio', { name: 'All', exact: true })).click()
  await expect(page).toHaveURL(`/statistics?deck=${spanish}&range=all`)
  await expect(calendar).toContainText('of 41.')

  await answer(ann, hola, { rating: 1 })
  await expect(calendar).toContainText('6 answers on 5 days of 41.')
  await page.reload()
  await expect(calendar).toContainText('6 answers on 5 days of 41.')
  await expectFitForAll(page)
})

test('statistics without an answer say what to do, and those that fail can be asked for again', async ({ person, device }) => {
  const ann = await person('ann')
  const page = await device(ann, '/statistics')
  await expect(page.getByRole('heading', { name: 'Study your first cards' })).toBeVisible()
  await expectFitForAll(page)
  await page.goto('/statistics?deck=999999')
  await page.getByRole('button', { name: 'Show all decks' }).click()
  await expect(page).toHaveURL('/statistics')
  await expect(page.getByRole('heading', { name: 'Study your first cards' })).toBeVisible()

  await studied(ann, await addDeck(ann, 'Spanish'), 'hola', [1])
  await page.route('**/api/v1/statistics*', (route) => route.abort())
  await page.goto('/statistics')
  await expect(page.getByText('The statistics could not be loaded')).toBeVisible()
  await page.unroute('**/api/v1/statistics*')
  await page.getByRole('button', { name: 'Try again' }).click()
  await expect(page.getByRole('region', { name: 'Calendar' })).toContainText('1 answer on 1 day of 365.')
})
