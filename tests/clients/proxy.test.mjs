// What stands between people and servers: proxies that buffer, delay, drop and know no WebSocket.
// Clients go on working behind all of them, and lose nothing.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { HostileProxy } from './hostile.mjs'
import { Server, wait } from './server.mjs'
import { Client } from './socketio.mjs'

let server
let posted = 0
before(async () => { server = await Server.start() })
after(() => server.remove())

async function say(room, from, to) {
  for (let n = from; n <= to; n++) {
    const post = { room, message: { id: n, text: `${n}` }, uuid: `p-${++posted}` }
    assert.equal((await server.post('new-message', post)).status, 200)
  }
}

const upTo = (count) => Array.from({ length: count }, (_, n) => n + 1)

async function checkHeard(client, count) {
  const heard = await client.heard(count)
  assert.deepEqual(heard.map(([, { message }]) => message.id), upTo(count))
}

/** Runs with some clients behind a proxy. */
async function behind(vices, options, play) {
  const proxy = await HostileProxy.to(server, vices)
  const clients = []
  try {
    for (const option of options) clients.push(new Client(proxy.url, option))
    await play(clients, proxy)
  } finally {
    for (const client of clients) client.close()
    await proxy.close()
  }
}

/** Joins, however often it takes. */
async function join(client, room) {
  for (let round = 0; round < 100; round++) {
    await client.until('a connection', () => client.socket.connected)
    const asked = client.socket.timeout(2000).emitWithAck('subscribe', room)
    const answer = await asked.catch(() => undefined)
    if (answer?.success) return
  }
  assert.fail(`${room} could not be joined`)
}

for (const upgrade of ['refuse', 'ignore', 'mute', 'hangUp']) {
  test(`an upgrade that ends in "${upgrade}" leaves polling as it was`, async () => {
    const room = `upgrade-${upgrade}`
    const token = await server.token('u', [room])
    await behind({ upgrade }, [{ token }], async ([client], proxy) => {
      await client.connected()
      await client.join(room)
      await client.until('the attempt', () => proxy.upgrades > 0)
      await say(room, 1, 20)
      await checkHeard(client, 20)
      assert.equal(client.socket.io.engine.transport.name, 'polling')
      assert.deepEqual(client.connects, [false])
      assert.deepEqual(client.reasons, [])
    })
  })
}

test('while an upgrade stalls nobody polls more than ten times a second', async () => {
  const room = 'stalled'
  const token = await server.token('u', [room])
  await behind({ upgrade: 'mute' }, [{ token }], async ([client], proxy) => {
    await client.connected()
    await client.join(room)
    await client.until('the attempt', () => proxy.upgrades > 0)
    // Whatever joining caused is over; from here on only the upgrade is under way.
    await wait(500)
    const [before, began] = [proxy.polls.length, performance.now()]
    await wait(5000)
    const seconds = (performance.now() - began) / 1000
    const polls = proxy.polls.length - before
    assert.ok(polls <= 10 * seconds + 2, `${polls} polls in ${seconds} s`)
    // And it gives up in the end, or goes on: either way nothing is lost.
    await say(room, 1, 5)
    await checkHeard(client, 5)
    assert.deepEqual(client.connects, [false])
  })
})

test('answers that come late, and each as a whole', async () => {
  const room = 'late'
  const token = await server.token('u', [room])
  const options = ['polling', 'upgrading'].map((way) => ({ token, way }))
  await behind({ delayMs: 150, upgrade: 'refuse' }, options, async (clients) => {
    for (const client of clients) {
      await client.connected()
      await client.join(room)
    }
    await say(room, 1, 60)
    for (const client of clients) {
      await checkHeard(client, 60)
      assert.deepEqual(client.connects, [false])
    }
  })
})

test('requests, answers and connections that are dropped at random', async () => {
  const room = 'dropped'
  const token = await server.token('u', [room])
  const options = ['polling', 'websocket', 'upgrading'].map((way) => ({ token, way }))
  await behind({}, options, async (clients, proxy) => {
    for (const client of clients) await join(client, room)
    Object.assign(proxy, { delayMs: 20, drops: 0.1, severAfter: 0.05 })
    let said = 0
    const everybodyCutOff = () => clients.every((client) => client.reasons.length > 1)
    for (; said < 200 || (said < 5000 && !everybodyCutOff()); said += 20) await say(room, said + 1, said + 20)
    Object.assign(proxy, { delayMs: 0, drops: 0, severAfter: 0 })
    await say(room, said + 1, said + 10)
    for (const client of clients) {
      await checkHeard(client, said + 10)
      assert.ok(client.connects.slice(1).every(Boolean), JSON.stringify(client.connects))
    }
    assert.ok(everybodyCutOff(), `${proxy.dropped} connections were dropped`)
  })
})
