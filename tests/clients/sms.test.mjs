// The bridge's live side: rooms over Socket.IO, with the client that the pages have already.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import msgpack from 'socket.io-msgpack-parser'

import { Server, withServer } from './server.mjs'
import { Client, ways } from './socketio.mjs'

let server
before(async () => { server = await Server.start() })
after(() => server.remove())

/** Runs with a client that is closed whatever comes of it. */
async function withClient(options, play, own = server) {
  const client = await Client.connect(own.url, options)
  try {
    return await play(client)
  } finally {
    client.close()
  }
}

/** What a post of each kind brings: its route, its body, the event and its payload. */
function contract(room) {
  const phone = '+7 916 123-45-67'
  const first = {
    id: 1, text: `Привет! ${phone}`, from: 'user_46', timestamp: '2024-01-15T10:30:00Z',
    extra: { a: [1, 2.5, -0.25, null, true], 'ключ': { '': 'пусто' } }, price: 1e21, phone,
  }
  const masked = { ...first, text: 'Привет! ***' }
  const answer = { id: 'm-2', text: '<b>да</b> & 🎉', from: 46 }
  const edited = { id: 1, text: `no ${phone}`, from: 'user_46' }
  const updated = { id: 'm-2', text: 'да', from: 46, seen: [] }
  return [
    ['new-message', { room, message: first, uuid: 'u-1' },
      'new_message', { message: masked, uuid: 'u-1', room }],
    ['reply-message', { room, message: answer, replyTo: 1, uuid: 'u-2' },
      'reply_message', { message: answer, replyTo: 1, uuid: 'u-2', room }],
    ['edit-message', { room, message: edited, messageId: 1, uuid: 'u-3' },
      'edit_message', { message: { ...edited, text: 'no ***' }, messageId: 1, uuid: 'u-3', room }],
    ['update-message', { room, message: updated, messageId: 'm-2', uuid: 'u-4' },
      'update_message', { message: updated, messageId: 'm-2', uuid: 'u-4', room }],
    ['status-update', { room, messageId: 'm-2', status: 'read', uuid: 'u-5' },
      'status_update', { messageId: 'm-2', status: 'read', uuid: 'u-5', room }],
    ['delete-message', { room, messageId: 1, uuid: 'u-6' },
      'delete_message', { messageId: 1, uuid: 'u-6', room }],
    // The id of a message that was written before the move: a number stays one, a string stays one.
    ['status-update', { room, messageId: '77', status: 'delivered', uuid: 'u-7' },
      'status_update', { messageId: '77', status: 'delivered', uuid: 'u-7', room }],
    ['status-update', { room, messageId: 77, status: 'delivered', uuid: 'u-8' },
      'status_update', { messageId: 77, status: 'delivered', uuid: 'u-8', room }],
  ]
}

async function checkContract(room, options) {
  await withClient({ token: await server.token('user_46', [room]), ...options }, async (client) => {
    assert.deepEqual(await client.join(room), { success: true, room, seq: 0 })
    const posts = contract(room)
    for (const [nth, [route, body, , payload]] of posts.entries()) {
      const { status, body: { moderation, ...answer } } = await server.post(route, body)
      assert.equal(status, 200, JSON.stringify(answer))
      // Whose words were masked is told so.
      const masked = JSON.stringify(payload).includes('***')
      assert.equal(moderation !== undefined, masked, JSON.stringify(moderation))
      assert.deepEqual(answer, { success: true, uuid: body.uuid, room, seq: nth + 1, delivered: 1 })
    }
    const expected = posts.map(([, , name, payload]) => [name, payload])
    assert.deepEqual(await client.heard(expected.length), expected)
    // One payload, and the offset that recovery needs.
    for (const event of client.events) assert.equal(typeof event[2], 'string')
    for (const event of client.events) assert.equal(event.length, 3)
  })
}

for (const way of Object.keys(ways)) {
  test(`${way}: each post arrives as its event, moderated`, () => checkContract(`all-${way}`, { way }))
}

for (const way of ['polling', 'websocket']) {
  test(`${way}: the same with the msgpack parser`, async () => {
    await checkContract(`msgpack-${way}`, { way, parser: msgpack })
  })
}

test('an upgrading client ends up on WebSocket', async () => {
  await withClient({ token: await server.token('u', []) }, async (client) => {
    await client.upgraded()
    assert.deepEqual((await client.ask('leave', 'r')), { success: true, room: 'r' })
  })
})

test('a repeated post is heard once', async () => {
  const room = 'once'
  await withClient({ token: await server.token('u', [room]) }, async (client) => {
    await client.join(room)
    const post = { room, message: { id: 1, text: 'one' }, uuid: 'same' }
    const first = await server.post('new-message', post)
    assert.deepEqual(await server.post('new-message', post), first)
    await server.post('status-update', { room, messageId: 1, status: 'read', uuid: 'last' })
    const heard = await client.heard(2)
    assert.deepEqual(heard.map(([name]) => name), ['new_message', 'status_update'])
  })
})

test('rooms are joined and left under either name, as text or as an object', async () => {
  await withClient({ token: await server.token('u', ['chat_*']) }, async (client) => {
    const one = async (room) => {
      const { body } = await server.post('new-message', { room, message: { text: 'x' } })
      return body.delivered
    }
    for (const [join, leave] of [['subscribe', 'unsubscribe'], ['join', 'leave']]) {
      for (const shape of [(room) => room, (room) => ({ room })]) {
        const room = `chat_${join}_${typeof shape('')}`
        assert.equal(await one(room), 0)
        const joined = { success: true, room, seq: 1 }
        assert.deepEqual(await client.ask(join, shape(room)), joined)
        assert.deepEqual(await client.ask(join, shape(room)), joined, 'a second time')
        assert.equal(await one(room), 1)
        await client.until('the event', () => client.events.some((event) => event[1].room === room))
        assert.deepEqual(await client.ask(leave, shape(room)), { success: true, room })
        assert.deepEqual(await client.ask(leave, shape(room)), { success: true, room })
        assert.equal(await one(room), 0)
      }
    }
    // Nobody has to ask for an answer.
    client.socket.emit('subscribe', 'chat_silent')
    assert.equal((await client.ask('subscribe', 'chat_silent')).success, true)
    assert.equal(await one('chat_silent'), 1)
    await client.until('5 events', () => client.events.length >= 5)
    assert.equal(client.events.length, 5, 'nothing doubled')
  })
})

test('several rooms of one client, each with its own seq', async () => {
  await withClient({ token: await server.token('u', ['s-*']) }, async (client) => {
    const rooms = Array.from({ length: 20 }, (_, n) => `s-${n}`)
    await Promise.all(rooms.map((room) => client.join(room)))
    for (let round = 1; round <= 3; round++) {
      for (const room of rooms) {
        const { body } = await server.post('new-message', { room, message: { id: round, text: 'x' } })
        assert.equal(body.seq, round)
      }
    }
    const heard = await client.heard(60)
    const expected = [1, 2, 3].flatMap((round) => rooms.map((room) => [room, round]))
    assert.deepEqual(heard.map(([, { room, message }]) => [room, message.id]), expected)
  })
})

test('`after` brings what was missed, then what is said from now on', async () => {
  const room = 'later'
  const say = (n) => server.post('new-message', { room, message: { id: n, text: `${n}` }, uuid: `l-${n}` })
  for (let n = 1; n <= 150; n++) await say(n)
  await withClient({ token: await server.token('u', [room]) }, async (client) => {
    const joining = client.ask('subscribe', { room, after: 40 })
    for (let n = 151; n <= 160; n++) await say(n)
    const { success, seq } = await joining
    assert.equal(success, true)
    assert.ok(seq >= 150 && seq <= 160, `${seq}`)
    const heard = await client.heard(120)
    const expected = Array.from({ length: 120 }, (_, n) => n + 41)
    assert.deepEqual(heard.map(([, { message }]) => message.id), expected)
  })
})

test('what cannot be done is answered, and the connection lives', async () => {
  await withClient({ token: await server.token('u', ['mine']) }, async (client) => {
    const refused = async (...event) => {
      const answer = await client.ask(...event)
      assert.equal(answer.success, false, JSON.stringify(event).slice(0, 60))
      assert.ok(answer.error.message.length > 0)
      return answer.error.code
    }
    assert.equal(await refused('subscribe', 'theirs'), 'not_a_member')
    assert.equal(await refused('join', { room: 'theirs', after: 0 }), 'not_a_member')
    assert.equal(await refused('new_message', { room: 'mine', message: { text: 'x' } }), 'malformed')
    assert.equal(await refused('no such event'), 'malformed')
    const wrong = [null, 5, true, [], {}, '', { room: 5 }, { room: '' }, 'x'.repeat(100_000),
      { room: 'mine', after: -1 }, { room: 'mine', after: 'x' }, { room: 'mine', after: 1.5 }]
    for (const value of wrong) {
      const code = await refused('subscribe', value)
      assert.ok(['malformed', 'invalid_field', 'too_large'].includes(code), `${JSON.stringify(value)?.slice(0, 40)}: ${code}`)
    }
    await refused('subscribe')
    await refused('unsubscribe', 5)
    client.socket.emit('no such event', { without: 'an ack' })
    assert.deepEqual(await client.join('mine'), { success: true, room: 'mine', seq: 0 })
    assert.deepEqual(client.events, [])
    assert.equal(client.connects.length, 1)
  })
})

test('the token may stand in auth, in the header or in the query', async () => {
  const token = await server.token('u', ['r'])
  for (const way of Object.keys(ways)) {
    for (const options of [
      { token },
      { extraHeaders: { authorization: `Bearer ${token}` } },
      { query: { token } },
    ]) {
      await withClient({ way, ...options }, async (client) => {
        assert.equal((await client.join('r')).success, true)
      })
    }
  }
})

test('nobody comes in without a valid token, and may try again with one', async () => {
  const good = await server.token('u', ['r'])
  for (const way of ['polling', 'websocket']) {
    for (const token of [undefined, '', 'x', `${good}x`, 5, { a: 1 }]) {
      const client = new Client(server.url, { way, token })
      try {
        const error = await client.refused()
        assert.equal(error.data?.code, 'unauthenticated', `${JSON.stringify(token)}: ${error.message}`)
        assert.ok(error.message.length > 0)
        assert.equal(client.socket.connected, false)
        client.socket.auth = { token: good }
        client.socket.connect()
        await client.connected()
        assert.equal((await client.join('r')).success, true)
      } finally {
        client.close()
      }
    }
  }
})

test('an unknown namespace is refused in the words that clients know', async () => {
  const client = new Client(`${server.url}/nowhere`, { token: await server.token('u', ['r']) })
  try {
    assert.equal((await client.refused()).message, 'Invalid namespace')
  } finally {
    client.close()
  }
})

test('several namespaces of one client share a connection', async () => {
  const token = await server.token('u', ['r'])
  await withClient({ token, way: 'websocket' }, async (client) => {
    const other = client.socket.io.socket('/nowhere', { auth: { token } })
    const error = await new Promise((resolve) => other.once('connect_error', resolve))
    assert.equal(error.message, 'Invalid namespace')
    assert.equal((await client.join('r')).success, true, 'the first one lives on')
    other.close()
  })
})

test('open rooms let visitors listen, and every user join', async () => {
  await withServer({ PARLOUR_SMS__OPEN_ROOMS: 'true' }, async (own) => {
    const token = await own.token('u', [])
    const visitor = await Client.connect(own.url, {}, 'lobby')
    const user = await Client.connect(own.url, { token }, 'lobby')
    const wrong = new Client(own.url, { token: 'wrong' })
    try {
      const { body } = await own.post('new-message', { room: 'lobby', message: { id: 1, text: 'hello' }, uuid: 'v' })
      assert.equal(body.delivered, 2)
      const expected = [['new_message', { message: { id: 1, text: 'hello' }, uuid: 'v', room: 'lobby' }]]
      for (const client of [visitor, user]) assert.deepEqual(await client.heard(1), expected)
      const error = await wrong.refused()
      assert.equal(error.data?.code, 'unauthenticated', 'a wrong token is no visitor')
    } finally {
      for (const client of [visitor, user, wrong]) client.close()
    }
  })
})

test('a stopping server lets go of its clients, and they come back', async () => {
  const own = await Server.steady()
  const token = await own.token('u', ['r'])
  const clients = []
  try {
    for (const way of Object.keys(ways)) clients.push(await Client.connect(own.url, { token, way }, 'r'))
    assert.equal(await own.end('SIGTERM'), 0)
    await Promise.all(clients.map((client) => client.disconnected()))
    for (const client of clients) assert.notEqual(client.reasons[0], 'io server disconnect')
    await own.start()
    await Promise.all(clients.map((client) => client.connected(2)))
    for (const client of clients) assert.equal(client.connects[1], true, 'recovered')
    await own.post('new-message', { room: 'r', message: { id: 1, text: 'again' }, uuid: 'a' })
    for (const client of clients) assert.equal((await client.heard(1))[0][1].uuid, 'a')
  } finally {
    for (const client of clients) client.close()
    await own.remove()
  }
})
