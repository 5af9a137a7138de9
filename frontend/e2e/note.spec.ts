import { addCard, composer, note, notes, toast, writeCard } from './support/page'
import { addDeck, addNote } from './support/seed'
import { expect, live, test } from './support/test'

test('twenty cards are added without a mouse and without waiting, each once and in order', async ({ person, device }) => {
  const ann = await person('ann')
  const deck = await addDeck(ann, 'Numbers')
  const page = await device(ann, `/decks/${deck}`)
  await live(page)
  await page.getByRole('button', { name: 'Add your first card' }).focus()
  await page.keyboard.press('Enter')
  await expect(composer(page).getByLabel('Front')).toBeFocused()
  for (let n = 1; n <= 20; n++) {
    await expect(composer(page).getByLabel('Front')).toHaveValue('')
    await page.keyboard.type(`front ${n}.`)
    await page.keyboard.press('Tab')
    await page.keyboard.type(`back ${n}.`)
    await page.keyboard.press('Control+Enter')
  }
  await expect(composer(page).getByText('20 added')).toBeVisible()
  const names = Array.from({ length: 20 }, (_, i) => new RegExp(`^\\s*front ${20 - i}\\.\\s*back ${20 - i}\\.`))
  await expect(notes(page)).toHaveText(names)
  const { items } = await (await ann.api.get(`/api/v1/decks/${deck}/notes?limit=200`)).json()
  expect(items).toHaveLength(20)
})

test('the three kinds of notes, with a preview of what they will be', async ({ person, device }) => {
  const ann = await person('ann')
  const deck = await addDeck(ann, 'Kinds')
  const page = await device(ann, `/decks/${deck}`)
  await page.getByRole('button', { name: 'Add your first card' }).click()
  const box = composer(page)

  // What is missing is said, and nothing is lost.
  await box.getByLabel('Back').fill('only a back')
  await page.keyboard.press('Control+Enter')
  await expect(box.getByText('Please fill this in.')).toBeVisible()
  await expect(box.getByLabel('Front')).toBeFocused()

  await box.getByLabel('Front').fill('**bold** and $x^2$')
  const preview = box.getByRole('region', { name: 'Question' })
  await expect(preview.locator('strong')).toHaveText('bold')
  await expect(preview.locator('.katex')).toBeVisible()
  await box.getByLabel('Tags').fill('math easy')
  await page.keyboard.press('Control+Enter')
  await expect(note(page, 'bold and')).toContainText('only a back')
  await expect(note(page, 'bold and').getByRole('button', { name: 'Show cards tagged math' })).toBeVisible()

  await box.getByRole('button', { name: 'Reversed' }).or(box.getByRole('radio', { name: 'Reversed' })).click()
  await writeCard(page, 'Wien', 'Vienna')
  await page.keyboard.press('Control+Enter')
  await expect(note(page, 'Wien')).toContainText('Reversed')

  await box.getByRole('button', { name: 'Gaps' }).or(box.getByRole('radio', { name: 'Gaps' })).click()
  await box.getByLabel('Text with gaps').fill('Canberra is the capital of Australia')
  await page.keyboard.press('Control+Enter')
  await expect(box.getByText('There is no gap yet.')).toBeVisible()
  await box.getByLabel('Text with gaps').evaluate((element: HTMLTextAreaElement) => element.setSelectionRange(0, 8))
  await page.keyboard.press('Control+Shift+KeyC')
  await expect(box.getByLabel('Text with gaps')).toHaveValue('{{c1::Canberra}} is the capital of Australia')
  await expect(preview).toContainText('[…] is the capital of Australia')
  await page.keyboard.press('Control+Enter')
  await expect(note(page, 'is the capital of Australia').locator('mark')).toHaveText('Canberra')

  const { items } = await (await ann.api.get(`/api/v1/decks/${deck}/notes`)).json()
  expect(items.map(({ type, tags }: { type: string; tags: string[] }) => [type, tags])).toEqual([
    ['cloze', ['math', 'easy']],
    ['reversed', ['math', 'easy']],
    ['basic', ['math', 'easy']],
  ])
  const { counts } = await (await ann.api.get(`/api/v1/decks/${deck}`)).json()
  expect(counts.total).toBe(4)
})

test('a note is edited, deleted and taken back, and deleted for good', async ({ person, device }) => {
  const ann = await person('ann')
  const deck = await addDeck(ann, 'Spanish')
  for (const [front, back] of [['uno', 'one'], ['dos', 'two'], ['tres', 'three']] as const) await addNote(ann, deck, front, back)
  const [page, other] = [await device(ann, `/decks/${deck}`), await device(ann, `/decks/${deck}`)]
  await live(page, other)

  await note(page, 'dos').getByRole('button').first().click()
  const editor = page.getByRole('dialog', { name: 'Edit card' })
  await editor.getByLabel('Back').fill('2')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('alertdialog', { name: 'Discard your changes?' })).toBeVisible()
  await page.getByRole('button', { name: 'Cancel' }).last().click()
  await expect(editor.getByLabel('Back')).toHaveValue('2')
  await page.getByRole('dialog', { name: 'Edit card' }).getByLabel('Back').press('Control+Enter')
  await expect(editor).toBeHidden()
  for (const at of [page, other]) await expect(note(at, 'dos')).toContainText('2')

  await note(page, 'tres').hover()
  await page.getByRole('button', { name: 'Delete “tres”' }).click()
  await expect(note(page, 'tres')).toHaveCount(0)
  await toast(page, 'Deleted “tres”').getByRole('button', { name: 'Undo' }).click()
  await expect(notes(page)).toHaveText([/tres/, /dos/, /uno/])
  await expect(note(other, 'tres')).toBeVisible()

  await note(page, 'uno').getByRole('button').first().click()
  await page.getByRole('dialog', { name: 'Edit card' }).getByRole('button', { name: 'Delete card' }).click()
  await toast(page, 'Deleted “uno”').getByRole('button', { name: 'Close' }).click()
  await expect(note(other, 'uno')).toHaveCount(0)
  await page.reload()
  await expect(notes(page)).toHaveText([/tres/, /dos/])
})

test('cards are found by their words and tags', async ({ person, device }) => {
  const ann = await person('ann')
  const deck = await addDeck(ann, 'Mixed')
  await addNote(ann, deck, 'el perro', 'the dog', ['animal'])
  await addNote(ann, deck, 'el gato', 'the cat', ['animal', 'pet'])
  await addNote(ann, deck, 'la mesa', 'the table', ['house'])
  await addNote(ann, deck, '桌子', '100% the_desk', ['house'])
  const page = await device(ann, `/decks/${deck}`)
  const search = page.getByRole('searchbox', { name: 'Search cards' })
  await expect(notes(page)).toHaveCount(4)

  await search.fill('GATO')
  await expect(notes(page)).toHaveText([/el gato/])
  await expect(page).toHaveURL(/\?q=GATO$/)
  await search.fill('桌')
  await expect(notes(page)).toHaveText([/桌子/])
  await search.fill('0%')
  await expect(notes(page)).toHaveText([/桌子/])
  await search.fill('nothing like it')
  await expect(page.getByRole('heading', { name: 'No card fits' })).toBeVisible()
  await page.getByRole('button', { name: 'Show all cards' }).click()
  await expect(notes(page)).toHaveCount(4)

  const tags = page.getByRole('group', { name: 'Tags' })
  await tags.getByRole('button', { name: 'animal' }).click()
  await expect(notes(page)).toHaveText([/el gato/, /el perro/])
  await tags.getByRole('button', { name: 'pet' }).click()
  await expect(notes(page)).toHaveText([/el gato/])
  await page.reload()
  await expect(notes(page)).toHaveText([/el gato/])
  await expect(tags.getByRole('button', { name: 'pet' })).toHaveAttribute('aria-pressed', 'true')
})

test('what is written into cards, tags and names stays text', async ({ person, device }) => {
  const ann = await person('ann')
  const evil = [
    '<img src=x onerror=alert(1)>',
    '<script>alert(2)</script>',
    '<svg onload=alert(3)><a href="javascript:alert(4)">x</a></svg>',
    '[link](javascript:alert(5)) [data](data:text/html,<script>alert(6)</script>)',
    '![picture](x" onerror="alert(7))',
    '$\\href{javascript:alert(8)}{x}$ `<iframe srcdoc="<script>alert(9)</script>">`',
    '{{c1::<img src=x onerror=alert(10)>}}',
    '<style>body{display:none}</style><base href="https://elsewhere.example/"><meta http-equiv=refresh content="0;url=https://elsewhere.example/">',
  ]
  const deck = await addDeck(ann, '<img src=x onerror=alert(11)>', '<script>alert(12)</script>')
  const page = await device(ann, `/decks/${deck}`)
  await page.getByRole('button', { name: 'Add your first card' }).click()
  await composer(page).getByLabel('Tags').fill('<b>tag</b>')
  for (const text of evil) {
    await writeCard(page, text, text)
    await expect(composer(page).getByRole('region', { name: 'Answer' })).toContainText(/\w/)
    await page.keyboard.press('Control+Enter')
    await expect(composer(page).getByLabel('Front')).toHaveValue('')
  }
  await expect(notes(page)).toHaveCount(evil.length)
  await expect(note(page, '<script>alert(2)</script>')).toBeVisible()
  for (let i = 0; i < evil.length; i++) {
    await notes(page).nth(i).getByRole('button').first().click()
    const editor = page.getByRole('dialog', { name: 'Edit card' })
    await expect(editor.getByRole('region', { name: 'Answer' })).toContainText(/\w/)
    expect(await page.locator('[onerror], [onload], iframe, base, main script, [role=dialog] script, [role=dialog] style, a[href^="javascript:" i], a[href^="data:" i]').count()).toBe(0)
    await page.keyboard.press('Escape')
    await expect(editor).toBeHidden()
  }
  await page.goto('/inbox')
  await expect(page.getByRole('main').getByText(/8 new cards in <img/)).toBeVisible()
  await page.goto('/decks')
  await expect(page.getByRole('link', { name: '<img src=x onerror=alert(11)>' })).toBeVisible()
  expect(new URL(page.url()).pathname).toBe('/decks')
})

test('what is being written survives a reload and a lost connection, and is saved once', async ({ person, device }) => {
  const ann = await person('ann')
  const deck = await addDeck(ann, 'Spanish')
  const page = await device(ann, `/decks/${deck}`)
  await page.getByRole('button', { name: 'Add your first card' }).click()
  await writeCard(page, 'hola', 'hello')

  // The server takes it, but its answer gets lost.
  await page.route(/\/notes$/, async (route) => {
    await route.fetch()
    await route.abort()
  })
  await page.keyboard.press('Control+Enter')
  await expect(composer(page).getByRole('alert')).toContainText("The server can't be reached")
  await page.unrouteAll()
  await page.reload()
  await expect(composer(page).getByLabel('Front')).toHaveValue('hola')
  await composer(page).getByLabel('Front').press('Control+Enter')
  await expect(composer(page).getByText('1 added')).toBeVisible()
  await addCard(page, 'adiós', 'goodbye')
  await expect(notes(page)).toHaveText([/adiós/, /hola/])
})
