import { AxeBuilder } from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'

type Violations = Awaited<ReturnType<AxeBuilder['analyze']>>['violations']
type WithAxe = { axe?: { run: () => Promise<{ violations: Violations }> } }

/** axe is carried into a document by its builder; where it is already, running it takes a tenth of the time. */
async function violationsOf(page: Page): Promise<Violations> {
  const there = await page.evaluate(async () => (await (window as WithAxe).axe?.run())?.violations)
  return there ?? (await new AxeBuilder({ page }).setLegacyMode().analyze()).violations
}

/** No violation in either theme; best practices included. */
export async function expectAccessible(page: Page, where = ''): Promise<void> {
  for (const theme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
    await expect(page.locator('html')).toHaveClass(new RegExp(theme))
    // On a busy machine a colour may still be on its way from the other theme.
    await page.evaluate(() => {
      // A page that another window covers draws nothing, and its transitions never end.
      const patience = new Promise((resolve) => setTimeout(resolve, 1000))
      return Promise.race([patience, Promise.allSettled(document.getAnimations().map((animation) => animation.finished))])
    })
    const said = (await violationsOf(page)).map(({ id, nodes }) => `${theme}${where}: ${id}: ${nodes.map((node) => `${node.html} (${node.failureSummary})`).join(' | ')}`)
    expect.soft(said).toEqual([])
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
    await expect.configure({ soft: true }).poll(overhang, { message: `${page.url()} is wider than ${size.width} px`, timeout: 2000 }).toBeLessThanOrEqual(0)
    await expectAccessible(page, ` at ${size.width}`)
  }
  await page.setViewportSize(widths[0]!)
}
