import { expect, request, test as base, type APIRequestContext, type BrowserContext, type BrowserContextOptions, type Page } from '@playwright/test'
import { startServer, type Server } from './server'
import { recordToasts } from './toasts'

export { expect, request }

export interface Person {
  id: number
  username: string
  password: string
  /** The API, signed in as this person. */
  api: APIRequestContext
}

export const phone: BrowserContextOptions = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true }

interface Fixtures {
  /** What pages of this test did that no page may do. A test that provokes one takes it out. */
  faults: string[]
  /** A new user of this test alone. */
  person: (name?: string) => Promise<Person>
  /** A browser of its own (another device), signed in as this person unless it is null, at a path. */
  device: (person: Pick<Person, 'username' | 'password'> | null, path?: string, options?: BrowserContextOptions) => Promise<Page>
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

// What a browser says of itself when a request fails, as it must while we are offline or signed out.
const ofTheNetwork = /^(Failed to load resource|WebSocket connection to)|net::ERR_/

/** Writes down what no page may do: break the content policy, throw, complain, or open a dialog of the browser's own. */
async function watch(context: BrowserContext, faults: string[]) {
  await context.exposeBinding('aokiFault', (_, fault: string) => faults.push(fault))
  await context.addInitScript(() => {
    addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
      ;(window as unknown as { aokiFault: (fault: string) => void }).aokiFault(`content policy: ${violatedDirective} ${blockedURI}`)
    })
  })
  context.on('weberror', (error) => faults.push(String(error.error())))
  context.on('console', (message) => {
    const text = message.text()
    if (message.type() === 'error' ? !ofTheNetwork.test(text) : /Content Security Policy|Trusted ?Type|\[Vue warn\]|\[intlify\]/i.test(text)) faults.push(text)
  })
  context.on('dialog', (dialog) => {
    if (dialog.type() === 'beforeunload') return dialog.accept()
    faults.push(`${dialog.type()}: ${dialog.message()}`)
    return dialog.dismiss()
  })
}

/** `test` with a server of its own for each worker, people and devices. What a page of any device must never do fails the test. */
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

  // oxlint-disable-next-line no-empty-pattern -- as above
  faults: async ({}, use) => {
    const faults: string[] = []
    await use(faults)
    expect(faults).toEqual([])
  },

  device: async ({ browser, server, faults }, use) => {
    const contexts: BrowserContext[] = []
    await use(async (person, path = '/', options = {}) => {
      const context = await browser.newContext({ baseURL: server.url, ...options })
      contexts.push(context)
      await watch(context, faults)
      await recordToasts(context)
      if (person) {
        const answer = await context.request.post('/api/v1/auth/login', { data: { username: person.username, password: person.password } })
        expect(answer.status()).toBe(200)
      }
      const page = await context.newPage()
      await page.goto(path)
      return page
    })
    for (const context of contexts) await context.close()
  },
})

export const connection = (page: Page) => page.locator('[data-connection]')

/** Waits until the page hears what happens. */
export const live = (...pages: Page[]) => Promise.all(pages.map((page) => expect(connection(page)).toHaveAttribute('data-state', 'live', { timeout: 15_000 })))
