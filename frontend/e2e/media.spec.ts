import type { Locator, Page } from '@playwright/test'
import { expectFitForAll } from './support/axe'
import { composer, note } from './support/page'
import { addDeck, addNote, share } from './support/seed'
import { expect, live, phone, test } from './support/test'

/** A picture that only these tests have, made by the browser itself. */
async function picture(page: Page, width: number, colour: string, type = 'image/png'): Promise<Buffer> {
  const base64 = await page.evaluate(
    async ([width, colour, type]) => {
      const canvas = Object.assign(document.createElement('canvas'), { width, height: 120 })
      const draw = canvas.getContext('2d')!
      draw.fillStyle = colour
      draw.fillRect(0, 0, width, 120)
      draw.fillStyle = 'black'
      draw.fillText(`${width} wide`, 20, 60)
      return canvas.toDataURL(type).split(',')[1]!
    },
    [width, colour, type] as const,
  )
  return Buffer.from(base64, 'base64')
}

/** Half a second of silence, unlike any other. */
function sound(seed: number): Buffer {
  const data = Buffer.alloc(8000, seed)
  const head = Buffer.from('524946460000000057415645666d74201000000001000100401f0000401f000001000800646174610000000', 'hex')
  const wav = Buffer.concat([head, Buffer.alloc(44 - head.length), data])
  wav.writeUInt32LE(wav.length - 8, 4)
  wav.writeUInt32LE(data.length, 40)
  return wav
}

/** Lets something happen to a field as if a person had pasted or dropped a file there. */
const give = (field: Locator, how: 'paste' | 'drop', files: { name: string; type: string; data: Buffer }[], text = '') =>
  field.evaluate(
    (element, [how, files, text]) => {
      const data = new DataTransfer()
      for (const { name, type, base64 } of files) data.items.add(new File([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], name, { type }))
      if (text) data.setData('text/plain', text)
      const event = how === 'paste' ? new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }) : new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true })
      element.dispatchEvent(event)
    },
    [how, files.map(({ name, type, data }) => ({ name, type, base64: data.toString('base64') })), text] as const,
  )

const attach = (page: Page, at: number) => composer(page).getByRole('button', { name: 'Add a picture or sound' }).nth(at)
const chooses = async (page: Page, at: number, ...files: { name: string; mimeType: string; buffer: Buffer }[]) => {
  const chooser = page.waitForEvent('filechooser')
  await attach(page, at).click()
  await (await chooser).setFiles(files)
}
const shows = (image: Locator) => expect.poll(() => image.evaluate((element: HTMLImageElement) => element.naturalWidth)).toBeGreaterThan(0)
const address = (ending: string) => String.raw`/api/v1/media/[0-9a-f]{64}\.${ending}`

test('pictures by button, paste and drop are on the cards of every member', async ({ person, device }) => {
  const [ann, bob] = [await person('ann'), await person('bob')]
  const deck = await addDeck(ann, 'Flags')
  await share(ann, deck, bob, 'viewer')
  const page = await device(ann, `/decks/${deck}`)
  const other = await device(bob, `/decks/${deck}`, phone)
  await live(page, other)
  await page.getByRole('button', { name: 'Add your first card' }).click()
  const [front, back] = [composer(page).getByLabel('Front'), composer(page).getByLabel('Back')]

  await front.fill('Which flag?')
  await chooses(page, 0, { name: 'red [flag].png', mimeType: 'image/png', buffer: await picture(page, 300, 'red') })
  await expect(front).toHaveValue(new RegExp(String.raw`^Which flag\? !\[red flag\]\(${address('png')}\)$`))
  await back.focus()
  await give(back, 'paste', [{ name: 'image.png', type: 'image/png', data: await picture(page, 310, 'green') }])
  await expect(back).toHaveValue(new RegExp(String.raw`^!\[Picture\]\(${address('png')}\)$`))
  await back.press('End')
  await give(back, 'drop', [
    { name: 'blue.jpg', type: 'image/jpeg', data: await picture(page, 320, 'blue', 'image/jpeg') },
    { name: 'grey.webp', type: 'image/webp', data: await picture(page, 330, 'grey', 'image/webp') },
  ])
  await expect(back).toHaveValue(new RegExp(String.raw`${address('png')}\) !\[blue\]\(${address('jpg')}\)\n!\[grey\]\(${address('webp')}\)$`))
  const preview = composer(page).getByRole('region', { name: 'Answer' })
  for (const name of ['Picture', 'blue', 'grey']) await shows(preview.getByRole('img', { name }))

  await front.press('Control+Enter')
  await expect(note(page, 'Which flag?')).toBeVisible()
  await note(other, 'Which flag?').getByRole('button').first().click()
  const card = other.getByRole('dialog', { name: 'Card' })
  await shows(card.getByRole('region', { name: 'Question' }).getByRole('img', { name: 'red flag' }))
  for (const name of ['Picture', 'blue', 'grey']) {
    const image = card.getByRole('region', { name: 'Answer' }).getByRole('img', { name })
    await image.scrollIntoViewIfNeeded()
    await shows(image)
    await expect(image).toHaveAttribute('loading', 'lazy')
  }

  // Who leaves the deck sees it no more, and a stranger never did.
  const src = await card.getByRole('img', { name: 'red flag' }).getAttribute('src')
  expect((await bob.api.get(src!)).status()).toBe(200)
  await bob.api.delete(`/api/v1/decks/${deck}/members/${bob.username}`)
  expect((await bob.api.get(src!)).status()).toBe(404)
  expect((await (await person('cat')).api.get(src!)).status()).toBe(404)
})

test('a sound can be heard, and its name be read', async ({ person, device }) => {
  const ann = await person('ann')
  const deck = await addDeck(ann, 'Animals')
  const page = await device(ann, `/decks/${deck}`)
  await page.getByRole('button', { name: 'Add your first card' }).click()
  const chooser = page.waitForEvent('filechooser')
  await composer(page).getByLabel('Front').press('Control+o')
  await (await chooser).setFiles({ name: 'el perro.wav', mimeType: 'audio/wav', buffer: sound(7) })
  await expect(composer(page).getByLabel('Front')).toHaveValue(new RegExp(String.raw`^!\[el perro\]\(${address('wav')}\)$`))
  const player = composer(page).getByLabel('el perro', { exact: true })
  await expect(player).toHaveAttribute('controls', '')
  await expect(player).toHaveAttribute('preload', 'none')
  await player.evaluate((audio: HTMLAudioElement) => audio.play())
  await expect.poll(() => player.evaluate((audio: HTMLAudioElement) => audio.currentTime)).toBeGreaterThan(0)
  await composer(page).getByLabel('Back').fill('the dog')
  await page.keyboard.press('Control+Enter')
  await expect(note(page, 'el perro')).toContainText('the dog')
})

test('one writes on while a file is on its way, and it is saved when it is there', async ({ person, device }) => {
  const ann = await person('ann')
  const deck = await addDeck(ann, 'Slow')
  const page = await device(ann, `/decks/${deck}`)
  await page.getByRole('button', { name: 'Add your first card' }).click()
  let release = () => {}
  const held = new Promise<void>((resolve) => (release = resolve))
  await page.route('**/api/v1/media', async (route) => {
    await held
    await route.continue()
  })
  const front = composer(page).getByLabel('Front')
  await front.fill('before ')
  await give(front, 'drop', [{ name: 'cat.png', type: 'image/png', data: await picture(page, 340, 'orange') }])
  await expect(front).toHaveValue(/^before !\[Uploading cat …\]\(#uploading-\w+\)$/)
  await expect(composer(page).getByRole('progressbar', { name: 'Uploading cat.png' })).toBeVisible()
  await page.keyboard.type(' after')
  await page.keyboard.press('Control+Enter')
  await expect(composer(page).getByText('A file is still being uploaded.')).toBeVisible()
  await front.press('End')
  await page.keyboard.press('ArrowLeft')
  release()
  await expect(front).toHaveValue(new RegExp(String.raw`^before !\[cat\]\(${address('png')}\) after$`))
  await expect(composer(page).getByText('A file is still being uploaded.')).toBeHidden()
  await page.keyboard.type('!')
  await expect(front).toHaveValue(/ afte!r$/)

  // A page that is left while it sends leaves no placeholder in the draft.
  await page.unroute('**/api/v1/media')
  await page.route('**/api/v1/media', () => {})
  await front.press('End')
  await give(front, 'drop', [{ name: 'dog.png', type: 'image/png', data: await picture(page, 350, 'brown') }])
  await expect(front).toHaveValue(/Uploading dog/)
  await page.reload()
  await expect(front).toHaveValue(new RegExp(String.raw`^before !\[cat\]\(${address('png')}\) afte!r $`))
  await page.keyboard.press('Control+Enter')
  await expect(note(page, 'before cat afte!r')).toBeVisible()
})

test('what can not be added says why, and leaves the text alone', async ({ person, device }) => {
  const ann = await person('ann')
  const deck = await addDeck(ann, 'Wrong')
  const page = await device(ann, `/decks/${deck}`)
  await page.getByRole('button', { name: 'Add your first card' }).click()
  const front = composer(page).getByLabel('Front')
  await front.fill('text')
  const png = await picture(page, 360, 'pink')
  await give(front, 'drop', [
    { name: 'drawing.svg', type: 'image/svg+xml', data: Buffer.from('<svg/>') },
    { name: 'broken.png', type: 'image/png', data: png.subarray(0, 200) },
    { name: 'page.png', type: 'image/png', data: Buffer.from('<script>alert(1)</script>') },
  ])
  const faults = composer(page).getByRole('alert')
  await expect(faults).toHaveText([/^drawing.svg can't be added/, /^broken.png is damaged/, /^page.png is damaged/])
  await expect(front).toHaveValue(/^text\s*$/)
  await chooses(page, 0, { name: 'huge.png', mimeType: 'image/png', buffer: Buffer.alloc(10 * 2 ** 20 + 1) })
  await expect(faults.last()).toHaveText('huge.png is too large: a picture may have 10 MiB.')
  await composer(page).getByRole('button', { name: 'Dismiss huge.png' }).click()
  await expect(faults).toHaveCount(3)
  // A text is pasted as a text, whatever lies beside it.
  await give(front, 'paste', [{ name: 'image.png', type: 'image/png', data: png }], 'cells')
  await expect(front).toHaveValue(/^text\s*$/)
  await expect(composer(page).getByRole('progressbar')).toHaveCount(0)
  await expectFitForAll(page)
})

test('a picture whose access ran out comes all the same, and one that is gone shows its words', async ({ person, device }) => {
  const ann = await person('ann')
  const deck = await addDeck(ann, 'Sleep')
  const page = await device(ann, `/decks/${deck}`)
  const brought = await ann.api.post('/api/v1/media', { data: await picture(page, 370, 'teal'), headers: { 'Content-Type': 'image/png' } })
  const { url } = await brought.json()
  await addNote(ann, deck, `sleepy ![here](${url})`, `![gone](/api/v1/media/${'0'.repeat(64)}.png)`)
  await expect(note(page, 'sleepy')).toBeVisible()
  await page.context().clearCookies({ name: 'aoki_access' })
  await note(page, 'sleepy').getByRole('button').first().click()
  const card = page.getByRole('dialog', { name: 'Edit card' })
  await shows(card.getByRole('img', { name: 'here' }))
  await expect(card.getByRole('img', { name: 'gone' })).toHaveAttribute('data-missing', '')
  await expectFitForAll(page)
})

test('in Chinese, on a phone', async ({ person, device }) => {
  const ann = await person('ann')
  await ann.api.patch('/api/v1/me', { data: { locale: 'zh-CN' } })
  const deck = await addDeck(ann, '旗帜')
  const page = await device(ann, `/decks/${deck}`, phone)
  await page.getByRole('button', { name: '添加第一张卡片' }).click()
  const box = page.getByRole('region', { name: '添加卡片' })
  await give(box.getByLabel('正面'), 'drop', [{ name: 'x.pdf', type: 'application/pdf', data: Buffer.from('%PDF') }, { name: '红旗.png', type: 'image/png', data: await picture(page, 380, 'red') }])
  await expect(box.getByRole('alert')).toHaveText(/^x.pdf 无法添加/)
  await expect(box.getByLabel('正面')).toHaveValue(new RegExp(String.raw`^!\[红旗\]\(${address('png')}\)$`))
  await box.getByRole('button', { name: '预览' }).or(box.getByRole('radio', { name: '预览' })).click()
  await shows(box.getByRole('img', { name: '红旗' }))
})
