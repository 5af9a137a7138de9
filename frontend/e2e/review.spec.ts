import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expectFitForAll } from './support/axe'
import { badge, deckTile, tabTo, toast } from './support/page'
import { addDeck, addNote, inboxOf, push, share } from './support/seed'
import { expect, live, phone, test, type Person } from './support/test'
import { toastsOf } from './support/toasts'

const question = (page: Page) => page.getByRole('region', { name: 'Question' })
const answer = (page: Page) => page.getByRole('region', { name: 'Answer' })
const show = (page: Page) => page.getByRole('button', { name: 'Show answer' })
const grade = (page: Page, name: string) => page.getByRole('button', { name: new RegExp(`^${name} \\d`) })
const counts = (page: Page) => page.getByRole('list', { name: 'Cards by state' })

async function deckOf(person: Person, ...fronts: string[]): Promise<number> {
  const deck = await addDeck(person, 'Spanish')
  for (const front of fronts) await addNote(person, deck, front, `${front} answered`)
  return deck
}

/** Ratings that the server has, by the front of the card, the newest first. */
async function ratingsOf(person: Person, deck: number): Promise<Record<string, number[]>> {
  const found: Record<string, number[]> = {}
  const { items } = await (await person.api.get(`/api/v1/decks/${deck}/notes?limit=200`)).json()
  for (const { id } of items) {
    const { note, cards } = await (await person.api.get(`/api/v1/notes/${id}`)).json()
    for (const card of cards) {
      const reviews = await (await person.api.get(`/api/v1/cards/${card.id}/reviews`)).json()
      if (reviews.items.length > 0) found[note.fields.Front] = reviews.items.map(({ rating }: { rating: number }) => rating)
    }
  }
  return found
}

async function answerWith(page: Page, key: '1' | '2' | '3' | '4') {
  await page.keyboard.press('Space')
  await expect(answer(page)).toBeVisible()
  await page.keyboard.press(key)
  await expect(answer(page)).toBeHidden()
}

test('the keyboard alone: a session with undo, an edit, and a summary', async ({ person, device }) => {
  const ann = await person('ann')
  const deck = await deckOf(ann, 'uno', 'dos', 'tres')
  const page = await device(ann, `/decks/${deck}`)
  await live(page)
  await tabTo(page, page.getByRole('link', { name: 'Study', exact: true }).last())
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(`/decks/${deck}/study`)

  await expect(question(page)).toContainText('uno')
  await expect(show(page)).toBeFocused()
  await page.keyboard.press('3') // nothing is rated unseen
  await expect(question(page)).toContainText('uno')
  await page.keyboard.press('Space')
  await expect(answer(page)).toContainText('uno answered')
  await expect(grade(page, 'Good')).toBeFocused()
  await expect(grade(page, 'Good')).toHaveText(/10 min/)
  await page.keyboard.press('Space') // Good
  await expect(question(page)).toContainText('dos')
  await expect(counts(page)).toContainText('2 new')
  await expect(counts(page)).toContainText('1 learning')

  await answerWith(page, '4')
  await expect(question(page)).toContainText('tres')
  await page.keyboard.press('u')
  await expect(question(page)).toContainText('dos')
  await page.keyboard.press('u')
  await expect(question(page)).toContainText('uno')
  await expect(counts(page)).toContainText('3 new')
  await answerWith(page, '4')
  await expect(question(page)).toContainText('dos')

  await page.keyboard.press('Space')
  await page.keyboard.press('e')
  const editing = page.getByRole('dialog', { name: 'Edit card' })
  await expect(editing.getByLabel('Front')).toBeFocused()
  await page.keyboard.press('Home')
  await page.keyboard.type('dos y ')
  await editing.getByLabel('Back').fill('two and 4')
  await page.keyboard.press('Control+Enter')
  await expect(editing).toBeHidden()
  await expect(question(page)).toContainText('dos')
  await expect(answer(page)).toContainText('two and 4')

  await page.keyboard.press('?')
  await expect(page.getByRole('dialog', { name: 'Keyboard' })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toBeHidden()
  await page.keyboard.press('i')
  await expect(page.getByRole('dialog', { name: 'Card info' })).toContainText('Not answered yet.')
  await page.keyboard.press('Escape')
  await expect(page).toHaveURL(`/decks/${deck}/study`)

  await page.keyboard.press('4')
  await expect(question(page)).toContainText('tres')
  await page.keyboard.press('f')
  await expect(page.getByText('Flag 1')).toBeVisible()
  await answerWith(page, '4')

  await expect(page.getByRole('heading', { name: 'Done for now' })).toBeVisible()
  await expect(page.getByRole('region', { name: 'This session' })).toContainText('3 answers')
  await expect(page.locator('[data-tally="easy"]')).toContainText('3')
  await expect(page.locator('[data-tally="again"]')).toContainText('0')
  await expect.poll(() => ratingsOf(ann, deck)).toEqual({ uno: [4], 'dos y dos': [4], tres: [4] })

  await page.keyboard.press('u')
  await expect(question(page)).toContainText('tres')
  await expect.poll(() => ratingsOf(ann, deck)).toEqual({ uno: [4], 'dos y dos': [4] })
  await page.keyboard.press('s')
  await expect(page.getByRole('heading', { name: 'Done for now' })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page).toHaveURL(`/decks/${deck}`)
})

test('a learning card comes back, and shows what its answers promise', async ({ person, device }) => {
  const ann = await person('ann')
  const deck = await deckOf(ann, 'uno')
  const page = await device(ann, `/decks/${deck}/study`)
  await expect(question(page)).toContainText('uno')
  await answerWith(page, '1')
  await expect(counts(page)).toContainText('1 learning')
  await expect(question(page)).toContainText('uno')
  await page.keyboard.press('Space')
  await expect(grade(page, 'Good')).toHaveText(/10 min/)
  await page.keyboard.press('i')
  await expect(page.getByRole('dialog', { name: 'Card info' }).getByRole('row').filter({ hasText: 'Again' })).toContainText('1 min')
  await page.keyboard.press('Escape')
  await page.keyboard.press('4')
  await expect(page.getByRole('heading', { name: 'Done for now' })).toBeVisible()
  const { items } = await (await ann.api.get(`/api/v1/decks/${deck}/queue`)).json()
  expect(items).toEqual([])
  await expect(page.getByText(/The first of these cards comes back (tomorrow|in \d+ days)/)).toBeVisible()
  await expect.poll(() => ratingsOf(ann, deck)).toEqual({ uno: [4, 1] })
})

test('an answer on one device takes the card away on the other, and the counts follow everywhere', async ({ person, device }) => {
  const ann = await person('ann')
  const deck = await deckOf(ann, 'uno', 'dos', 'tres')
  const [laptop, tablet, list] = [await device(ann, `/decks/${deck}/study`), await device(ann, `/decks/${deck}/study`), await device(ann, '/decks')]
  await live(laptop, tablet, list)
  for (const page of [laptop, tablet]) await expect(question(page)).toContainText('uno')

  await answerWith(laptop, '4')
  await expect(question(laptop)).toContainText('dos')
  await expect(tablet.getByText('That card was answered on another device.')).toBeVisible()
  await expect(question(tablet)).toContainText('dos')
  for (const page of [laptop, tablet]) await expect(counts(page)).toContainText('2 new')
  await expect(deckTile(list, 'Spanish')).toContainText('2 new')

  // The same card on both in the same moment: once.
  for (const page of [laptop, tablet]) await page.keyboard.press('Space')
  await Promise.all([laptop.keyboard.press('4'), tablet.keyboard.press('4')])
  for (const page of [laptop, tablet]) await expect(question(page)).toContainText('tres')
  expect(await ratingsOf(ann, deck)).toEqual({ uno: [4], dos: [4] })

  // What the tablet answered last, the laptop can't undo.
  await laptop.keyboard.press('u')
  await answerWith(tablet, '4')
  await expect(tablet.getByRole('heading', { name: 'Done for now' })).toBeVisible()
  for (const page of [laptop, tablet]) await expect(counts(page)).toContainText('0 learning')

  // A deck that is deleted elsewhere.
  expect((await ann.api.delete(`/api/v1/decks/${deck}`)).status()).toBe(204)
  for (const page of [laptop, tablet]) await expect(page.getByRole('heading', { name: 'This deck is not here' })).toBeVisible()
})

test('answers given offline are sent later, each once, also by the next page', async ({ person, device }) => {
  const ann = await person('ann')
  const deck = await deckOf(ann, 'uno', 'dos', 'tres', 'cuatro')
  const page = await device(ann, `/decks/${deck}/study`)
  await live(page)
  await answerWith(page, '4')
  await expect.poll(() => ratingsOf(ann, deck)).toEqual({ uno: [4] })

  await page.context().setOffline(true)
  await answerWith(page, '4')
  await answerWith(page, '3')
  await expect(page.getByText('2 answers wait to be sent')).toBeVisible()
  await expect(question(page)).toContainText('cuatro')
  await page.keyboard.press('u') // the last one was never sent: it just goes
  await expect(question(page)).toContainText('tres')
  await expect(page.getByText('1 answer waits to be sent')).toBeVisible({ timeout: 15_000 })
  expect(await ratingsOf(ann, deck)).toEqual({ uno: [4] })
  await page.context().setOffline(false)
  await expect(page.getByText('wait to be sent')).toBeHidden({ timeout: 30_000 })
  await expect.poll(() => ratingsOf(ann, deck)).toEqual({ uno: [4], dos: [4] })

  await page.route('**/cards/*/reviews', (route) => route.abort())
  await answerWith(page, '4')
  await page.goto('about:blank')
  await page.unroute('**/cards/*/reviews')
  await page.goto('/inbox')
  await expect.poll(() => ratingsOf(ann, deck)).toEqual({ uno: [4], dos: [4], tres: [4] })
  expect(await page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('aoki.answers')))).toEqual([])
})

test('without a network a session goes on: what its cards need, its keys and its history are there', async ({ person, device }) => {
  const ann = await person('ann')
  const deck = await deckOf(ann, 'uno', 'Code:\n\n```python\nreturn 1\n```', 'Sum: $\\sum x$')
  const page = await device(ann, '/study')
  const ahead = ['math', 'python', 'StudyKeys', 'CardInfo'].map((part) => page.waitForResponse((answer) => answer.url().includes(`/assets/${part}-`)).then((answer) => answer.finished()))
  await page.goto(`/decks/${deck}/study`)
  await live(page)
  await Promise.all(ahead)
  await page.context().setOffline(true)
  await answerWith(page, '4')
  await expect(question(page).locator('.hljs-keyword')).toHaveText('return')
  await page.keyboard.press('?')
  await expect(page.getByRole('dialog', { name: 'Keyboard' })).toBeVisible()
  await page.keyboard.press('Escape')
  await page.keyboard.press('e')
  await expect(page.getByRole('status').filter({ hasText: 'The card could not be opened.' })).toBeVisible()
  await answerWith(page, '4')
  await expect(question(page).locator('.katex')).toBeVisible()
  await expect(page.getByText('Aoki has been updated')).toBeHidden()
  await page.context().setOffline(false)
  await expect(counts(page)).toContainText('1 new')
  await expect.poll(async () => Object.keys(await ratingsOf(ann, deck))).toHaveLength(2)
})

test('after the info of a card, opened from its menu, the keys are for the card again', async ({ person, device }) => {
  const ann = await person('ann')
  const deck = await deckOf(ann, 'uno')
  const page = await device(ann, `/decks/${deck}/study`)
  for (const [item, dialog] of [['Card info', 'Card info'], ['Edit card', 'Edit card']] as const) {
    await page.getByRole('button', { name: 'More for this card' }).click()
    await page.getByRole('menuitem', { name: item }).click()
    await expect(page.getByRole('dialog', { name: dialog })).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(page.getByRole('dialog')).toBeHidden()
    await expect(show(page)).toBeFocused()
  }
  await page.keyboard.press('Space')
  await expect(answer(page)).toContainText('uno answered')
})

test('a long name leaves room for the counts; a limit that falls takes the card away, and a deck that is deleted its counts', async ({ person, device }) => {
  const ann = await person('ann')
  const deck = await addDeck(ann, 'A name that goes on and on and on, as names of decks do: Donaudampfschifffahrtsgesellschaft')
  for (const front of ['uno', 'dos']) await addNote(ann, deck, front)
  const page = await device(ann, `/decks/${deck}/study`)
  await live(page)
  for (const width of [1280, 800]) {
    await page.setViewportSize({ width, height: 700 })
    const [name, numbers] = [(await page.getByRole('link', { name: /^A name/ }).boundingBox())!, (await counts(page).boundingBox())!]
    expect(name.x + name.width).toBeLessThan(numbers.x)
  }

  const limit = async (n: number) => expect((await ann.api.patch(`/api/v1/decks/${deck}/preset`, { data: { new_per_day: n } })).ok()).toBe(true)
  await expect(question(page)).toContainText('uno')
  await limit(0)
  await expect(page.getByRole('heading', { name: 'Nothing to study right now' })).toBeVisible()
  await limit(20)
  await page.getByRole('button', { name: 'Go on' }).click()
  await expect(question(page)).toContainText('uno')
  await expect(page.getByText('another device')).toBeHidden()

  expect((await ann.api.delete(`/api/v1/decks/${deck}`)).ok()).toBe(true)
  await expect(page.getByRole('heading', { name: 'This deck is not here' })).toBeVisible()
  await expect(counts(page)).toBeHidden()
})

test('nothing pops up over the cards, and the inbox fills all the same', async ({ admin, person, device }) => {
  const ann = await person('ann')
  const deck = await deckOf(ann, 'uno')
  const page = await device(ann, `/decks/${deck}/study`)
  await live(page)
  await push(admin, [ann], 'Lunch?')
  await expect(badge(page)).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page).toHaveURL(`/decks/${deck}`)
  await push(admin, [ann], 'Tea?')
  await expect(toast(page, 'Tea?')).toBeVisible()
  expect(await toastsOf(page)).toEqual(['Tea?'])
  expect((await inboxOf(ann)).map(({ title }) => title)).toContain('Lunch?')
})

test('a phone: a tap turns the card, the buttons are within reach, and the question stays where it was', async ({ person, device }) => {
  const ann = await person('ann')
  const deck = await addDeck(ann, 'Spanish')
  await addNote(ann, deck, 'la mariposa', Array.from({ length: 30 }, (_, i) => `line ${i}`).join('\n\n'))
  const page = await device(ann, `/decks/${deck}/study`, phone)
  const text = question(page).locator('p')
  await expect(text).toHaveText('la mariposa')
  const before = await text.boundingBox()
  await question(page).tap({ position: { x: 40, y: 40 } })
  await expect(answer(page)).toContainText('line 29')
  expect(await text.boundingBox()).toEqual(before)
  expect(await text.evaluate((element) => parseFloat(getComputedStyle(element).fontSize))).toBeGreaterThanOrEqual(20)
  for (const name of ['Again', 'Hard', 'Good', 'Easy']) {
    const box = (await grade(page, name).boundingBox())!
    expect(box.height).toBeGreaterThanOrEqual(44)
    expect(box.y).toBeGreaterThan(844 * 0.7)
    expect(box.y + box.height).toBeLessThanOrEqual(844)
  }
  await answer(page).getByText('line 29').scrollIntoViewIfNeeded()
  await grade(page, 'Easy').tap()
  await expect(page.getByRole('heading', { name: 'Done for now' })).toBeVisible()
})

test('a text with gaps is filled in where it stands', async ({ person, device }) => {
  const ann = await person('ann')
  const deck = await addDeck(ann, 'Cities')
  const made = await ann.api.post(`/api/v1/decks/${deck}/notes`, { data: { type: 'cloze', fields: { Text: 'The capital of Australia is {{c1::Canberra::city}}.', Extra: 'Not Sydney.\n\nIt has a lake.' } } })
  expect(made.status()).toBe(201)
  const page = await device(ann, `/decks/${deck}/study`)
  const text = page.locator('.card-content p').first()
  await expect(text).toHaveText('The capital of Australia is [city].')
  const before = (await text.boundingBox())!
  await page.keyboard.press('Space')
  await expect(text).toHaveText('The capital of Australia is Canberra.')
  await expect(page.getByText('It has a lake.')).toBeVisible()
  expect((await text.boundingBox())!.y).toBeCloseTo(before.y, 0)
  await expect(page.getByText('The capital of Australia')).toHaveCount(1)
})

test('an empty deck, a viewer, keys that are turned off, and cards that could not be loaded', async ({ person, device }) => {
  const [ann, ben] = [await person('ann'), await person('ben')]
  const deck = await addDeck(ann, 'Spanish')
  await share(ann, deck, ben, 'viewer')
  expect((await ben.api.patch('/api/v1/me', { data: { preferences: { shortcuts: false } } })).ok()).toBe(true)
  const page = await device(ben, `/decks/${deck}/study`)
  await expect(page.getByRole('heading', { name: 'This deck has no cards yet' })).toBeVisible()
  await live(page)
  await addNote(ann, deck, 'uno', 'one')
  await expect(page.getByText('1 card can be studied now')).toBeVisible()
  await page.getByRole('button', { name: 'Go on' }).click()

  // Without single keys: only what has the focus is pressed.
  await expect(show(page)).toBeFocused()
  await page.keyboard.press('e')
  await page.keyboard.press('Enter')
  await expect(answer(page)).toContainText('one')
  await page.keyboard.press('1')
  await expect(answer(page)).toBeVisible()
  await page.getByRole('button', { name: 'More for this card' }).click()
  await expect(page.getByRole('menuitem')).toHaveText([/Next flag/, /Not today/, /Suspend card/, /Card info/, /Keyboard shortcuts/])
  await page.getByRole('menuitem', { name: 'Not today' }).click()
  await expect(page.getByRole('heading', { name: 'Nothing to study right now' })).toBeVisible()
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(question(page)).toContainText('uno')

  await page.route('**/queue?*', (route) => route.abort())
  await page.reload()
  await expect(page.getByRole('heading', { name: 'The cards could not be loaded' })).toBeVisible()
  await page.unroute('**/queue?*')
  await page.getByRole('button', { name: 'Try again' }).click()
  await expect(question(page)).toContainText('uno')
})

test('every state is fit for all, and the text of cards has the highest contrast', async ({ person, device }) => {
  const ann = await person('ann')
  const deck = await addDeck(ann, 'Go')
  await addNote(ann, deck, '# What?\n\n> a quote\n\n```go\nfor i := range 3 { // three\n\tfmt.Println("x", i, true)\n}\n```', '**Bold**, `code`, [a link](https://example.org), $x^2$\n\n| a | b |\n|---|---|\n| 1 | 2 |')
  const page = await device(ann, `/decks/${deck}/study`)
  await expect(question(page).locator('pre')).toBeVisible()
  await expectFitForAll(page)
  await page.keyboard.press('Space')
  await expect(answer(page).locator('.katex')).toBeVisible()
  await expectFitForAll(page)
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await expect(page.locator('html')).toHaveClass(new RegExp(colorScheme))
    const { violations } = await new AxeBuilder({ page }).setLegacyMode().include('.study-card').withRules(['color-contrast-enhanced']).analyze()
    expect(violations.flatMap(({ nodes }) => nodes.map(({ html, failureSummary }) => `${colorScheme} ${html} ${failureSummary}`))).toEqual([])
  }
  await page.keyboard.press('i')
  await expect(page.getByRole('dialog', { name: 'Card info' })).toContainText('Not answered yet.')
  await expectFitForAll(page)
  await page.keyboard.press('Escape')
  await page.keyboard.press('?')
  await expectFitForAll(page)
  await page.keyboard.press('Escape')
  await page.keyboard.press('4')
  await expect(page.getByRole('heading', { name: 'Done for now' })).toBeVisible()
  await expectFitForAll(page)
})
