import { expect, request, test as base, type APIRequestContext, type BrowserContextOptions, type Page } from '@playwright/test'
import { startServer, type Server } from './server'

export { expect }

export interface Person {
  id: number
  username: string
  password: string
  /** The API, signed in as this person. */
  api: APIRequestContext
}

export const phone: BrowserContextOptions = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true }

interface Fixtures {
  /** A new user of this test alone. */
  person: (name?: string) => Promise<Person>
  /** A browser of its own (another device), signed in as this person unless it is null, at a path. */
  device: (person: Person | null, path?: string, options?: BrowserContextOptions) => Promise<Page>
}
interface WorkerFixtures {
  server: Server
  admin: Person
}

const password = 'correct horse battery'
let count = 0

async function signIn(url: string, username: string): Promise<Person> {
  const api = await request.newContext({ baseURL: url })
  const answer = await api.post('/api/v1/auth/login', { data: { username, password } })
  expect(answer.status()).toBe(200)
  const { user } = await answer.json()
  return { id: user.id, username, password, api }
}

/**
 * `test` with a server of its own for each worker, people and devices. A test
 * fails when a page breaks the content policy or throws.
 */
export const test = base.extend<Fixtures, WorkerFixtures>({
  server: [
    // oxlint-disable-next-line no-empty-pattern -- Playwright reads the names of fixtures from here
    async ({}, use) => {
      const server = await startServer()
      await use(server)
      await server.stop()
    },
    { scope: 'worker' },
  ],

  admin: [
    async ({ server }, use) => {
      const api = await request.newContext({ baseURL: server.url })
      const answer = await api.post('/api/v1/setup', { data: { token: server.setupToken, username: 'admin', password } })
      expect(answer.status()).toBe(201)
      await use({ id: (await answer.json()).user.id, username: 'admin', password, api })
      await api.dispose()
    },
    { scope: 'worker' },
  ],

  person: async ({ server, admin }, use) => {
    const made: Person[] = []
    await use(async (name = 'ann') => {
      const username = `${name}-${++count}`
      const answer = await admin.api.post('/api/v1/admin/users', { data: { username, password } })
      expect(answer.status()).toBe(201)
      const person = await signIn(server.url, username)
      made.push(person)
      return person
    })
    for (const { api } of made) await api.dispose()
  },

  device: async ({ browser, server }, use) => {
    const faults: string[] = []
    const contexts: { close: () => Promise<void> }[] = []
    await use(async (person, path = '/', options = {}) => {
      const context = await browser.newContext({ baseURL: server.url, ...options })
      contexts.push(context)
      if (person) {
        const answer = await context.request.post('/api/v1/auth/login', { data: { username: person.username, password: person.password } })
        expect(answer.status()).toBe(200)
      }
      const page = await context.newPage()
      page.on('pageerror', (error) => faults.push(String(error)))
      page.on('console', (message) => {
        if (/Content Security Policy|Trusted ?Type|\[Vue warn\]|\[intlify\]/i.test(message.text())) faults.push(message.text())
      })
      await page.goto(path)
      return page
    })
    for (const context of contexts) await context.close()
    expect(faults).toEqual([])
  },
})

/** Waits until the page hears what happens. */
export const live = (page: Page) => expect(page.locator('[data-connection]')).toHaveAttribute('data-state', 'live', { timeout: 15_000 })
