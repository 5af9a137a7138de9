import type { BrowserContext, Page } from '@playwright/test'

type Recording = { aokiToasts?: string[] }

/** Lets every page of this browser write down each toast it shows, also those that are gone when one looks. */
export const recordToasts = (context: BrowserContext) =>
  context.addInitScript(() => {
    const seen: string[] = []
    ;(window as Recording).aokiToasts = seen
    new MutationObserver((changes) => {
      for (const node of changes.flatMap(({ addedNodes }) => [...addedNodes])) {
        if (!(node instanceof HTMLElement)) continue
        for (const toast of [node, ...node.querySelectorAll('[data-toast]')]) if (toast.matches('[data-toast]')) seen.push(toast.querySelector('p')?.textContent ?? '')
      }
    }).observe(document, { childList: true, subtree: true })
  })

/** The titles of all toasts since the page was loaded, in their order. */
export const toastsOf = (page: Page): Promise<string[]> => page.evaluate(() => (window as Recording).aokiToasts ?? [])
