// Ten thousand of everything: nothing is lost and nothing changes its place, on either transport and
// across the upgrade.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { HostileProxy } from './hostile.mjs'
import { Server } from './server.mjs'
import { Client, ways } from './socketio.mjs'

const COUNT = 10_000
const ITEMS = 100

let server
before(async () => { server = await Server.start() })
after(() => server.remove())

for (const way of Object.keys(ways)) {
  test(`${way}: ${COUNT} events in one burst are answered in their order`, async () => {
    const client = new Client(server.url, { way, token: await server.token('u', ['b-*']) })
    try {
      await client.connected()
      const answered = []
      const expected = []
      // An upgrading client begins its upgrade now: the burst is sent before, during and after it.
      const burst = new Promise((resolve) => {
        let sent = 0
        const send = () => {
          for (let n = 0; n < COUNT / ITEMS; n++, sent++) {
            const room = `b-${sent >> 1 & 63}`
            const verb = sent & 1 ? 'unsubscribe' : 'subscribe'
            expected.push(`${verb} ${room} true`)
            client.socket.emit(verb, room, (answer) => {
              answered.push(`${verb} ${answer.room} ${answer.success}`)
              if (answered.length === COUNT) resolve()
            })
          }
          if (sent < COUNT) setImmediate(send)
        }
        send()
      })
      await Promise.race([burst, client.disconnected().then(() => assert.fail(client.reasons[0]))])
      assert.deepEqual(answered, expected)
      if (way === 'upgrading') await client.upgraded()
    } finally {
      client.close()
    }
  })
}

/** Posts the numbers from 1 to COUNT, in batches. Words about messages need no moderation. */
async function count(room) {
  for (let first = 1; first <= COUNT; first += ITEMS) {
    const items = Array.from({ length: ITEMS }, (_, n) => ({
      type: 'status-update', room, messageId: first + n, status: 'sent', uuid: `${room}-${first + n}`,
    }))
    const { status, body } = await server.post('batch', { items })
    assert.equal(status, 200)
    assert.ok(body.results.every((result) => result.success), JSON.stringify(body.results[0]))
  }
}

test(`${COUNT} events in one burst reach everybody once and in order`, async () => {
  const room = 'flood'
  const token = await server.token('u', [room])
  // This one's upgrade takes so long that the burst meets it half-way.
  const slow = await HostileProxy.to(server, { upgradeDelayMs: 1000 })
  const clients = []
  try {
    for (const way of Object.keys(ways)) {
      clients.push(await Client.connect(server.url, { way, token }, room))
    }
    const across = new Client(slow.url, { token })
    clients.push(across)
    await across.connected()
    const counting = count(room)
    const joined = await across.ask('subscribe', { room, after: 0 })
    assert.equal(joined.success, true)
    await Promise.all([counting, across.upgraded()])
    for (const client of clients) {
      await client.heard(COUNT)
      const heard = client.events.map(([, { messageId }]) => messageId)
      const wrong = heard.findIndex((id, place) => id !== place + 1)
      assert.equal(wrong, -1, `number ${wrong + 1} is ${heard[wrong]}`)
      assert.equal(heard.length, COUNT)
      // Whoever could not keep up was let go and came back without a loss.
      assert.ok(client.connects.slice(1).every(Boolean), JSON.stringify(client.connects))
    }
  } finally {
    for (const client of clients) client.close()
    await slow.close()
  }
})
