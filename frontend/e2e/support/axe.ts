import { AxeBuilder } from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'

/** No violation in either theme; best practices included. */
export async function expectAccessible(page: Page): Promise<void> {
  for (const theme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
    await expect(page.locator('html')).toHaveClass(new RegExp(theme))
    const { violations } = await new AxeBuilder({ page }).analyze()
    const said = violations.map(({ id, nodes }) => `${theme}: ${id}: ${nodes.map((node) => `${node.html} (${node.failureSummary})`).join(' | ')}`)
    expect(said).toEqual([])
  }
}

const widths = [
  { width: 1280, height: 800 },
  { width: 390, height: 844 },
]

/** The page as it stands, on a desktop and on a phone, in both themes: nothing that axe objects to, and nothing to scroll sideways. */
export async function expectFitForAll(page: Page): Promise<void> {
  for (const size of widths) {
    await page.setViewportSize(size)
    const overhang = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    await expect.poll(overhang, { message: `wider than ${size.width} px` }).toBeLessThanOrEqual(0)
    await expectAccessible(page)
  }
  await page.setViewportSize(widths[0]!)
}
