// The native vocabulary over Socket.IO, with the stock client: what it is answered and told is what a
// client of `/ws` is answered and told.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import msgpack from 'socket.io-msgpack-parser'

import { withLink } from './link.mjs'
import { Client as Native } from './native.mjs'
import { Server, withServer } from './server.mjs'
import { Client } from './socketio.mjs'

let server
before(async () => { server = await Server.start() })
after(() => server.remove())

const numbers = (from, to) => Array.from({ length: to - from + 1 }, (_, n) => from + n)

async function say(own, room, from, to = from) {
  for (const n of numbers(from, to)) {
    await own.insist('new-message', { room, message: { id: n, text: `${n}` }, uuid: `${room}-${n}` })
  }
}

/** A client of `/v1` that has joined some conversations; it is closed with the test, whatever comes. */
async function connect(t, url, options, ...conversations) {
  const client = await Client.connect(`${url}/v1`, options)
  t.after(() => client.close())
  for (const conversation of conversations) await subscribe(client.socket, conversation)
  return client
}

async function connectNative(t, token) {
  const native = await Native.connect(server, 'parlour.v1.json', token)
  t.after(() => native.close())
  return native
}

async function subscribe(socket, conversation) {
  const answer = await socket.timeout(90_000).emitWithAck('subscribe', { conversation })
  assert.equal(answer.type, 'ok', JSON.stringify(answer))
}

const parsers = { text: {}, msgpack: { parser: msgpack } }

for (const [form, options] of Object.entries(parsers)) {
  test(`${form}: each operation is answered as on /ws`, async (t) => {
    const rooms = { ws: `ws-${form}`, v1: `v1-${form}` }
    const token = await server.token('ann', Object.values(rooms))
    const native = await connectNative(t, token)
    const client = await connect(t, server.url, { token, ...options })
    const operations = [
      ['subscribe', {}],
      ['send', { text: 'hi', client_id: 'c-1' }],
      ['send', { text: 'hi', client_id: 'c-1' }],
      ['send', { text: 'call +7 916 123-45-67' }],
      ['edit', { seq: 1, text: 'hi!' }],
      ['edit', { seq: 999, text: 'hi!' }],
      ['delete', { seq: 2 }],
      ['read', { upto: 2 }],
      ['typing', { on: true }],
      ['history', { limit: 10 }],
      ['history', { after: 1, before: 2 }],
      ['history', { limit: 1000 }],
      ['send', { text: 7 }],
      ['send', { conversation: 'not-mine', text: 'x' }],
      ['subscribe', { conversation: 'not-mine' }],
      ['unsubscribe', {}],
      ['ping', {}],
      ['shout', {}],
    ]
    // Of what differs by nature only the form is compared.
    const plain = (answer, room) => {
      const text = JSON.stringify(answer).replaceAll(room, 'ROOM')
      const at = text.replaceAll(/"\d{4}-\d\d-\d\dT[\d:.]+Z"/g, '"AT"')
      return JSON.parse(at, (key, value) =>
        (['message_id', 'id'].includes(key) ? typeof value : value))
    }
    for (const [op, fields] of operations) {
      const { id, ...told } = await native.ask({ op, conversation: rooms.ws, ...fields })
      const answer = await client.ask(op, { conversation: rooms.v1, ...fields })
      assert.deepEqual(plain(answer, rooms.v1), plain(told, rooms.ws), `${op} ${JSON.stringify(fields)}`)
    }
    const refused = await client.ask('hello', { token })
    assert.deepEqual([refused.type, refused.code], ['error', 'unknown_op'])
  })

  test(`${form}: each event is the object that /ws sends, and ends with an offset`, async (t) => {
    const room = `events-${form}`
    const [ann, bob] = [await server.token('ann', [room]), await server.token('bob', [room])]
    const native = await connectNative(t, bob)
    await native.ok({ op: 'subscribe', conversation: room })
    const client = await connect(t, server.url, { token: bob, ...options }, room)
    const writer = await connect(t, server.url, { token: ann, ...options })
    await say(server, room, 1)
    for (const [op, fields] of [
      ['send', { text: 'hi' }],
      ['typing', { on: true }],
      ['edit', { seq: 2, text: 'hi!' }],
      ['read', { upto: 3 }],
    ]) {
      const answer = await writer.ask(op, { conversation: room, ...fields })
      assert.equal(answer.type, 'ok', JSON.stringify(answer))
    }
    await server.post('delete-message', { room, messageId: 1, uuid: `d-${form}` })
    await server.post('status-update', { room, messageId: 1, status: 'read', uuid: `s-${form}` })
    const kinds = ['message.created', 'message.created', 'typing', 'message.edited', 'read',
      'message.deleted', 'message.status']
    await client.until('all events', () => client.events.length >= kinds.length)
    assert.deepEqual(client.events.map(([name]) => name), kinds)
    for (const [name, payload, ...rest] of client.events) {
      assert.deepEqual(payload, await native.frame(), name)
      assert.equal(payload.type, name)
      const signal = name === 'typing' || name === 'read'
      assert.deepEqual(rest.map((offset) => typeof offset), signal ? [] : ['string'], name)
    }
  })

  test(`${form}: after SIGKILL and restart, what was missed comes once and in order`, async (t) => {
    await withServer({}, async (own) => {
      await withLink(own, async (link) => {
        const token = await own.token('u', ['r', 'quiet'])
        const client = await connect(t, link.url, { token, ...options }, 'r', 'quiet')
        try {
          await say(own, 'r', 1, 3)
          await client.heard(3)
          // The last thing it hears is a signal, which says nothing of how far it came.
          assert.equal((await client.ask('typing', { conversation: 'r' })).type, 'ok')
          await client.heard(4)
          link.cut()
          await own.end('SIGKILL')
          await client.disconnected()
          await own.start()
          await say(own, 'r', 4, 6)
          await say(own, 'quiet', 7)
          link.mend()
          await client.connected(2)
          assert.deepEqual(client.connects, [false, true])
          await say(own, 'quiet', 8)
          const heard = (await client.heard(9)).filter(([name]) => name === 'message.created')
          assert.deepEqual(heard.map(([, { data }]) => data.id), numbers(1, 8))
        } finally {
          client.close()
        }
      })
    })
  })
}

test('both namespaces on one connection: each hears, leaves and recovers for itself', async (t) => {
  const token = await server.token('u', ['both'])
  await withLink(server, async (link) => {
    const client = await Client.connect(link.url, { token }, 'both')
    try {
      const socket = client.socket.io.socket('/v1', { auth: { token } })
      t.after(() => socket.close())
      const [events, connects] = [[], []]
      socket.on('connect', () => connects.push(socket.recovered === true))
      socket.onAny((...event) => events.push(event))
      await subscribe(socket, 'both')
      const ids = () => [
        client.events.map(([, payload]) => payload.message.id),
        events.map(([, payload]) => payload.data.id),
      ]
      const last = async (bridge, native) => {
        await client.heard(bridge)
        // Asked after all of it was said, answered behind it.
        await socket.timeout(90_000).emitWithAck('ping')
        assert.equal(events.length, native)
      }
      await say(server, 'both', 1, 2)
      await last(2, 2)
      link.cut()
      await client.disconnected()
      await say(server, 'both', 3, 4)
      link.mend()
      await client.connected(2)
      await last(4, 4)
      assert.deepEqual([client.connects, connects], [[false, true], [false, true]])
      await socket.timeout(90_000).emitWithAck('unsubscribe', { conversation: 'both' })
      await say(server, 'both', 5)
      await last(5, 4)
      await subscribe(socket, 'both')
      await client.ask('leave', 'both')
      await say(server, 'both', 6)
      await last(5, 5)
      assert.deepEqual(ids(), [[1, 2, 3, 4, 5], [1, 2, 3, 4, 6]])
    } finally {
      client.close()
    }
  })
})

test('10,000 operations in a burst are answered in order', async (t) => {
  const token = await server.token('u', ['burst'])
  const client = await connect(t, server.url, { token })
  const answers = []
  for (let n = 0; n < 10_000; n++) {
    const event = n % 100 === 0
      ? ['send', { conversation: 'burst', text: `${n}`, client_id: `b-${n}` }]
      : ['ping']
    client.socket.emit(...event, (answer) => answers.push([n, answer.seq ?? answer.type]))
  }
  const last = await client.ask('history', { conversation: 'burst', limit: 200 })
  assert.equal(last.messages.length, 100)
  assert.deepEqual(answers, numbers(0, 9999).map((n) => [n, n % 100 === 0 ? n / 100 + 1 : 'pong']))
})

test('without a token: refused, or a listener where rooms are open', async (t) => {
  await assert.rejects(connect(t, server.url, {}), (error) => error.data?.code === 'unauthenticated')
  await withServer({ PARLOUR_SMS__OPEN_ROOMS: 'true' }, async (own) => {
    const client = await connect(t, own.url, {}, 'r')
    try {
      await say(own, 'r', 1)
      await client.heard(1)
      for (const [op, fields] of [
        ['send', { text: 'x' }],
        ['edit', { seq: 1, text: 'x' }],
        ['delete', { seq: 1 }],
        ['typing', {}],
        ['read', { upto: 1 }],
      ]) {
        const answer = await client.ask(op, { conversation: 'r', ...fields })
        assert.deepEqual([answer.type, answer.code], ['error', 'unauthenticated'], op)
      }
      assert.equal((await client.ask('subscribe', { conversation: 'order:7' })).type, 'error')
    } finally {
      client.close()
    }
  })
})
