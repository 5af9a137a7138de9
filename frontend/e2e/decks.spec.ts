import type { APIRequestContext, Page } from '@playwright/test'
import { expectAccessible } from './support/axe'
import { expect, live, phone, test } from './support/test'

const rows = (page: Page) => page.locator('.note-row')
const fronts = (page: Page) => page.locator('.note-row .row-link').allInnerTexts()

async function makeDeck(api: APIRequestContext, name = 'Spanish'): Promise<number> {
  const answer = await api.post('/api/v1/decks', { data: { name } })
  expect(answer.status()).toBe(201)
  return (await answer.json()).id
}
async function makeNote(api: APIRequestContext, deck: number, fields: Record<string, string>, type = 'basic', tags: string[] = []): Promise<number> {
  const answer = await api.post(`/api/v1/decks/${deck}/notes`, { data: { type, fields, tags } })
  expect(answer.status()).toBe(201)
  return (await answer.json()).note.id
}
const listNotes = async (api: APIRequestContext, deck: number) => (await (await api.get(`/api/v1/decks/${deck}/notes?limit=200`)).json()).items

test('a newcomer makes a deck and adds one card after the other without the mouse', async ({ person, device }) => {
  const ann = await person()
  const page = await device(ann)
  const other = await device(ann, '/decks')
  await live(other)
  await expect(page.getByText('Welcome to Aoki')).toBeVisible()
  await page.getByRole('button', { name: 'Make your first deck' }).press('Enter')
  await expect(page.getByLabel('Name')).toBeFocused()
  await page.keyboard.type('Spanish')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/decks\/\d+$/)

  await expect(page.getByLabel('Front')).toBeFocused()
  for (const [front, back] of [['hola', 'hello'], ['adiós', 'goodbye'], ['gracias', 'thank you']] as const) {
    await page.keyboard.type(front)
    await page.keyboard.press('Tab')
    await page.keyboard.type(back)
    await page.keyboard.press('Control+Enter')
    await expect(page.getByLabel('Front')).toBeFocused()
    await expect(page.getByLabel('Front')).toHaveValue('')
  }
  await expect(page.getByText('3 added')).toBeVisible()
  await expect(rows(page)).toHaveCount(3)
  expect(await fronts(page)).toEqual(['gracias', 'adiós', 'hola'])

  const tile = other.getByRole('article').filter({ hasText: 'Spanish' })
  await expect(tile.getByText('3 new')).toBeVisible()
  await tile.getByRole('link', { name: 'Spanish' }).click()
  await expect(rows(other)).toHaveCount(3)
  await page.keyboard.type('perro')
  await page.keyboard.press('Control+Enter')
  await expect(rows(other).first()).toContainText('perro', { timeout: 1000 })
  await expect(rows(page)).toHaveCount(4)
})

test('a text with gaps is previewed as it will be asked, and becomes a card for each', async ({ person, device }) => {
  const ann = await person()
  const deck = await makeDeck(ann.api)
  const page = await device(ann, `/decks/${deck}`)
  await page.getByRole('button', { name: 'Add your first card' }).click()
  await page.getByText('Gaps', { exact: true }).click()
  const text = page.getByLabel('Text with gaps')
  await text.fill('Madrid is in Spain')
  await page.getByRole('button', { name: 'Add card' }).click()
  await expect(page.getByText('There is no gap yet.')).toBeVisible()
  await text.evaluate((box: HTMLTextAreaElement) => box.setSelectionRange(0, 6))
  await page.keyboard.press('Control+Shift+C')
  await text.evaluate((box: HTMLTextAreaElement) => box.setSelectionRange(box.value.length - 5, box.value.length))
  await page.getByRole('button', { name: 'Make a gap' }).click()
  await expect(text).toHaveValue('{{c1::Madrid}} is in {{c2::Spain}}')
  await expect(page.getByRole('region', { name: 'Question' })).toHaveText('[…] is in Spain')
  await expect(page.getByRole('region', { name: 'Answer' }).locator('strong')).toHaveText('Madrid')
  await page.getByRole('button', { name: 'Next card' }).click()
  await expect(page.getByRole('region', { name: 'Question' })).toHaveText('Madrid is in […]')
  await text.press('Control+z') // the browser's own undo knows of it
  await expect(text).toHaveValue('{{c1::Madrid}} is in Spain')
  await text.press('Control+Shift+z')
  await text.press('Control+Enter')
  await expect(rows(page)).toHaveCount(1)
  await expect(page.getByText('2 new')).toBeVisible()
})

test('what is deleted can be had back for a while, and goes when the page does', async ({ person, device }) => {
  const ann = await person()
  const deck = await makeDeck(ann.api)
  for (const front of ['one', 'two', 'three']) await makeNote(ann.api, deck, { Front: front })
  const page = await device(ann, `/decks/${deck}`)
  const remove = async (front: string) => {
    await rows(page).filter({ hasText: front }).hover()
    await page.getByRole('button', { name: `Delete “${front}”` }).click()
    await expect(rows(page).filter({ hasText: front })).toHaveCount(0)
  }
  await remove('two')
  expect(await listNotes(ann.api, deck)).toHaveLength(3)
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(rows(page)).toHaveCount(3)

  await remove('three')
  await page.getByText('Deleted “three”').first().waitFor()
  await page.keyboard.press('Escape')
  await expect.poll(() => listNotes(ann.api, deck)).toHaveLength(2)

  await remove('one')
  await page.close({ runBeforeUnload: true })
  await expect.poll(() => listNotes(ann.api, deck)).toHaveLength(1)

  const again = await device(ann, `/decks/${deck}`)
  await again.getByRole('button', { name: 'More for “Spanish”' }).click()
  await again.getByRole('menuitem', { name: 'Delete deck' }).click()
  await expect(again).toHaveURL('/decks')
  await expect(again.getByText('Welcome to Aoki')).toBeVisible()
  await again.getByRole('button', { name: 'Undo' }).click()
  await expect(again.getByRole('link', { name: 'Spanish' })).toBeVisible()
})

test('new cards wait behind a pill while somebody reads further down', async ({ person, device }) => {
  const ann = await person()
  const deck = await makeDeck(ann.api)
  for (let i = 0; i < 60; i++) await makeNote(ann.api, deck, { Front: `card ${i}` })
  const page = await device(ann, `/decks/${deck}`)
  await live(page)
  await expect(rows(page)).toHaveCount(50)
  await rows(page).nth(49).scrollIntoViewIfNeeded()
  await expect(rows(page)).toHaveCount(60)
  const target = rows(page).nth(40)
  await target.scrollIntoViewIfNeeded()
  const before = await target.boundingBox()
  await makeNote(ann.api, deck, { Front: 'fresh 1' })
  await makeNote(ann.api, deck, { Front: 'fresh 2' })
  const pill = page.getByRole('button', { name: '2 new cards' })
  await expect(pill).toBeVisible()
  expect(await target.boundingBox()).toEqual(before)
  await pill.click()
  await expect(rows(page).first()).toContainText('fresh 2')
  await expect(rows(page).first()).toBeInViewport()
  await expect(rows(page)).toHaveCount(62)
})

test('nobody waits for the server between two cards, and none is lost when it does not answer', async ({ person, device }) => {
  const ann = await person()
  const deck = await makeDeck(ann.api)
  const page = await device(ann, `/decks/${deck}`)
  await live(page)
  await page.getByRole('button', { name: 'Add your first card' }).click()
  await expect(page.getByLabel('Front')).toBeFocused()
  let answer = () => {}
  await page.route(/\/notes$/, async (route) => {
    if (route.request().method() !== 'POST') return route.fallback()
    await new Promise<void>((resolve) => (answer = resolve))
    await route.fetch() // heard, but the answer gets lost
    await route.abort()
  })
  for (const front of ['one', 'two', 'three']) {
    await page.keyboard.type(front)
    await page.keyboard.press('Control+Enter')
    await expect(page.getByLabel('Front')).toBeFocused()
  }
  await page.keyboard.type('four')
  answer()
  await expect(page.getByText('3 cards are not saved yet.')).toBeVisible()
  await page.unrouteAll({ behavior: 'ignoreErrors' })
  await page.reload()
  await expect(page.getByLabel('Front')).toHaveValue('four')
  await expect(page.getByText('3 added')).toBeVisible()
  await page.getByLabel('Front').press('Control+Enter')
  await expect(rows(page)).toHaveCount(4)
  expect(await fronts(page)).toEqual(['four', 'three', 'two', 'one'])
  expect(await listNotes(ann.api, deck)).toHaveLength(4)
})

test('a card that changes elsewhere while it is edited says so, and asks before anything is lost', async ({ person, device }) => {
  const ann = await person()
  const deck = await makeDeck(ann.api)
  const note = await makeNote(ann.api, deck, { Front: 'hola', Back: 'hello' })
  const page = await device(ann, `/decks/${deck}?note=${note}`)
  await live(page)
  const front = page.getByLabel('Front')
  await expect(front).toHaveValue('hola')
  const change = (Front: string) => ann.api.patch(`/api/v1/notes/${note}`, { data: { fields: { Front } } })
  await change('hola 2')
  await expect(front).toHaveValue('hola 2')
  await front.fill('mine')
  await change('theirs')
  await expect(page.getByText('This card was changed elsewhere')).toBeVisible()
  await expect(front).toHaveValue('mine')
  await page.keyboard.press('Escape')
  await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel' }).click()
  await expect(front).toHaveValue('mine')
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await expect(rows(page).first()).toContainText('mine')
})

test('what others write runs nothing and loads nothing', async ({ person, device }) => {
  const ann = await person()
  const deck = await makeDeck(ann.api)
  const bad = [
    '<script>document.title = "taken"</script><img src=x onerror="document.title=\'taken\'">',
    '[x](javascript:alert(1)) ![x](https://evil.invalid/x.png) <iframe src="https://evil.invalid"></iframe>',
    '$\\href{javascript:alert(1)}{x}$ $\\includegraphics{https://evil.invalid/x.png}$',
    '```html\n<script>alert(1)</script>\n```',
  ].join('\n\n')
  const note = await makeNote(ann.api, deck, { Front: bad, Back: '$$\\frac{1}{2}$$\n\n```go\nfunc main() {}\n```' })
  const page = await device(ann)
  const asked: string[] = []
  page.on('request', (request) => asked.push(request.url()))
  page.on('dialog', () => asked.push('a dialog'))
  await page.goto(`/decks/${deck}?note=${note}`)
  await expect(page.getByRole('region', { name: 'Answer' }).locator('.katex-display')).toBeVisible()
  await expect(page.getByRole('region', { name: 'Answer' }).locator('.hljs-keyword')).toHaveText('func')
  await expect(page.getByRole('region', { name: 'Question' })).toContainText('<script>')
  expect(asked.filter((url) => !url.startsWith(new URL(page.url()).origin))).toEqual([])
  await expect(page).not.toHaveTitle('taken')
})

for (const [name, options] of [['a desktop', {}], ['a phone', phone]] as const) {
  test(`everybody can use it: on ${name}, in both themes`, async ({ person, device }) => {
    test.slow()
    const ann = await person()
    const ben = await person('ben')
    const empty = await device(ann, '/decks', options)
    await expect(empty.getByText('Welcome to Aoki')).toBeVisible()
    await expectAccessible(empty)

    const deck = await makeDeck(ann.api)
    const note = await makeNote(ann.api, deck, { Text: '{{c1::Madrid}} is in {{c2::Spain}}', Extra: '# More\n\n| a |\n|---|\n| $x^2$ |' }, 'cloze', ['places'])
    await makeNote(ann.api, deck, { Front: 'hola', Back: 'hello' }, 'reversed')
    await ann.api.put(`/api/v1/decks/${deck}/members/${ben.username}`, { data: { role: 'viewer' } })
    const page = await device(ann, '/decks', options)
    await expect(page.getByRole('link', { name: 'Spanish' })).toBeVisible()
    await expectAccessible(page)
    await page.goto(`/decks/${deck}`)
    await expect(rows(page)).toHaveCount(2)
    await page.getByRole('button', { name: 'Add card' }).click()
    await expect(page.getByLabel('Front')).toBeFocused()
    await expectAccessible(page)
    await page.getByRole('button', { name: 'Share' }).click()
    await expect(page.getByText(ben.username)).toBeVisible()
    await expectAccessible(page)
    await page.goto(`/decks/${deck}?note=${note}`)
    await expect(page.getByLabel('Text with gaps')).toBeVisible()
    await expectAccessible(page)
    const his = await device(ben, `/decks/${deck}?note=${note}`, options)
    await expect(his.getByRole('region', { name: 'Answer' }).locator('.katex')).toBeVisible()
    await expectAccessible(his)
  })
}
