import type { Locator, Page } from '@playwright/test'
import { expect } from '@playwright/test'

/** The parts of the app, as a person knows them. */
export const bell = (page: Page) => page.locator('[data-bell]')
export const badge = (page: Page) => page.locator('[data-badge]')
export const toast = (page: Page, title?: string | RegExp) => page.locator('[data-toast]').filter({ hasText: title ?? /./ })
export const bellPanel = (page: Page) => page.getByRole('dialog', { name: 'Notifications' })
export const composer = (page: Page) => page.getByRole('region', { name: 'Add card' })
export const notes = (page: Page) => page.getByRole('list', { name: 'Cards of this deck' }).getByRole('listitem')
export const note = (page: Page, front: string) => notes(page).filter({ hasText: front })
export const deckTile = (page: Page, name: string) => page.getByRole('article').filter({ hasText: name })

/** Writes a card in the open composer, up to the keys that send it. */
export async function writeCard(page: Page, front: string, back: string): Promise<void> {
  const box = composer(page)
  await box.getByLabel('Front').fill(front)
  await box.getByLabel('Back').fill(back)
}

export async function addCard(page: Page, front: string, back: string): Promise<void> {
  await writeCard(page, front, back)
  await page.keyboard.press('Control+Enter')
  await expect(note(page, front)).toBeVisible()
}

/** Presses Tab until this has the focus: nothing that the keyboard can't reach is found. */
export async function tabTo(page: Page, goal: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  for (let presses = 0; presses < 60; presses++) {
    if (await goal.evaluate((element) => element === document.activeElement, null, { timeout: 5000 })) return
    await page.keyboard.press(key)
  }
  await expect(goal).toBeFocused()
}

/** A headless browser shows all its tabs and gives each the focus; people look at one. */
export const setInSight = (page: Page, inSight: boolean) =>
  page.evaluate((visible) => {
    Object.defineProperty(document, 'visibilityState', { configurable: true, value: visible ? 'visible' : 'hidden' })
    Object.defineProperty(document, 'hidden', { configurable: true, value: !visible })
    document.hasFocus = () => visible
    document.dispatchEvent(new Event('visibilitychange'))
  }, inSight)
