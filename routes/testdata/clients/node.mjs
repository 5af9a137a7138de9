// Speaks with a server through the package ws, a client that shares no code with
// it: node.mjs URL TOKEN. Says "ok STEP" after each step, and "tick" where the
// server's clock is to move by 25 s; ends with 2 when ws is not installed.
import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { createInterface } from 'node:readline'

const [site, token] = process.argv.slice(2)
let WebSocket
try {
  WebSocket = createRequire(new URL('../../../frontend/package.json', import.meta.url))('ws')
} catch {
  process.exit(2)
}
const answers = createInterface({ input: process.stdin })[Symbol.asyncIterator]()

function ok(step) {
  console.log(`ok ${step}`)
}

async function tick() {
  console.log('tick')
  await answers.next()
}

/** A socket whose frames are asked for one by one. */
class Client {
  frames = []
  waiting = []
  pings = 0

  constructor(query = '', protocols = [], options = { headers: { Authorization: `Bearer ${token}` } }) {
    this.ws = new WebSocket(`${site.replace('http', 'ws')}/ws${query}`, protocols, options)
    this.ws.on('message', (data, isBinary) => {
      assert(!isBinary)
      this.frames.push(JSON.parse(data.toString()))
      this.waiting.shift()?.()
    })
    this.ws.on('ping', () => this.pings++)
    this.closed = new Promise((resolve) => this.ws.on('close', (code, reason) => resolve({ code, reason: reason.toString() })))
    this.opened = new Promise((resolve, reject) => {
      this.ws.on('open', () => resolve('open'))
      this.ws.on('unexpected-response', (request, response) => {
        request.destroy()
        resolve(response.statusCode)
      })
      this.ws.on('error', reject)
    })
    this.opened.catch(() => {})
  }

  async next() {
    while (this.frames.length === 0) await new Promise((resolve) => this.waiting.push(resolve))
    return this.frames.shift()
  }

  async expect(name) {
    const frame = await this.next()
    assert.equal(frame.name, name, JSON.stringify(frame).slice(0, 200))
    return frame
  }

  async ready() {
    await this.opened
    this.welcome = (await this.expect('welcome')).message
    return this
  }

  say(frame) {
    this.ws.send(JSON.stringify(frame))
  }

  async close(code = 1000, reason = '') {
    this.ws.close(code, reason)
    assert.deepEqual(await this.closed, { code, reason: '' })
  }
}

const live = async (...how) => {
  const client = await new Client(...how).ready()
  await client.expect('ready')
  return client
}

let decks = 0
async function makeDeck() {
  const response = await fetch(`${site}/api/v1/decks`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ name: `漢字 ${++decks}` }),
  })
  assert.equal(response.status, 201)
}

assert.equal(await new Client('', [], {}).opened, 401)
assert.equal(await new Client('', [], { headers: { Authorization: 'Bearer nonsense' } }).opened, 401)
assert.equal(await new Client('', [], { headers: { Cookie: `aoki_access=${token}`, Origin: 'https://evil.example' } }).opened, 403)
ok('refused')

const bearer = await live()
assert.equal(bearer.ws.protocol, '')
await bearer.close()
ok('bearer')

const listed = await live('', ['aoki.v1', `bearer.${token}`], {})
assert.equal(listed.ws.protocol, 'aoki.v1')
await listed.close()
ok('protocol list')

const cookie = await live('', [], { headers: { Cookie: `aoki_access=${token}`, Origin: site } })
assert.equal(cookie.welcome.user.username, 'ann')
await cookie.close()
ok('cookie')

const a = await live()
await makeDeck()
const made = await a.expect('deck.created')
assert.equal(made.seq, a.welcome.head + 1)
assert.equal(made.message.deck.name, '漢字 1')
ok('event')

for (const text of ['é漢😀\u{10FFFF}\u0000"\\/', 'x'.repeat(60 * 1024), '漢'.repeat(20 * 1024), '']) {
  const message = `{ "text" : ${JSON.stringify(text)}, "n": 1.0e2 }`
  a.ws.send(`{"name":"echo","id":"e","message":${message}}`)
  const raw = await new Promise((resolve) => a.ws.once('message', (data) => resolve(data.toString())))
  assert.equal(raw, `{"name":"reply","id":"e","message":${message}}`)
  await a.expect('reply')
}
ok('echo')

const whole = Buffer.from('{"name":"echo","id":1,"message":"é漢😀"}')
for (let at = 0; at < whole.length; at++) a.ws.send(whole.subarray(at, at + 1), { fin: at === whole.length - 1, binary: false })
assert.equal((await a.expect('reply')).message, 'é漢😀')
ok('fragments')

for (const payload of [Buffer.from(''), Buffer.from([0xff, 0]), Buffer.alloc(125, 'p')]) {
  const pong = new Promise((resolve) => a.ws.once('pong', resolve))
  a.ws.ping(payload)
  assert.deepEqual(await pong, payload)
}
ok('ping')

for (let i = 1; i <= 3; i++) {
  await tick() // the pong that ws gives by itself is what keeps it open
  assert.equal((await a.expect('ping')).message.head, made.seq)
  while (a.pings < i) await new Promise((resolve) => a.ws.once('ping', resolve))
  a.say({ name: 'ping', id: i })
  assert.equal((await a.expect('reply')).id, i)
}
ok('pong')

let seq = made.seq
const epoch = a.welcome.epoch
await makeDeck()
assert.equal((await a.expect('deck.created')).seq, ++seq)
a.ws.terminate()
for (let i = 0; i < 5; i++) await makeDeck()
const b = await new Client(`?since=${seq}&epoch=${epoch}`).ready()
for (let i = 0; i < 5; i++) assert.equal((await b.expect('deck.created')).seq, ++seq)
await b.expect('ready')
await makeDeck()
assert.equal((await b.expect('deck.created')).seq, ++seq)
await b.close(3333, 'thanks')
const c = await new Client(`?since=${seq}&epoch=${epoch}`).ready()
assert.equal((await c.expect('ready')).message.seq, seq)
ok('resume')

const other = await new Client(`?since=1&epoch=other`).ready()
assert.equal((await other.expect('reset')).message.reason, 'epoch')
await other.expect('ready')
await other.close(4999)
ok('reset')

c.ws.send(Buffer.from([1]))
assert.equal((await c.expect('bye')).message.code, 1003)
assert.equal((await c.closed).code, 1003)
const d = await live()
d.ws.send('x'.repeat(64 * 1024 + 1))
await d.expect('bye')
assert.equal((await d.closed).code, 1009)
ok('close')
process.exit(0)
