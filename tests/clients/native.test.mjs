// The native protocol with the client libraries that people use, in both encodings.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import WebSocket from 'ws'

import { Client, subprotocols } from './native.mjs'
import { Server, withServer } from './server.mjs'

let server
before(async () => { server = await Server.start() })
after(() => server.remove())

for (const subprotocol of subprotocols) {
  test(`${subprotocol}: a post reaches the client, moderated`, async () => {
    const room = `room-${subprotocol}`
    const client = await Client.connect(server, subprotocol, await server.token('user_46', [room]))
    const subscribed = await client.ok({ op: 'subscribe', conversation: room })
    assert.equal(subscribed.seq, 0)
    const message = { id: 1, text: 'Привет 🎉, +7 916 123-45-67', from: 'user_1', extra: [1, { a: null }] }
    const { status, body } = await server.post('new-message', { room, message, uuid: 'm-1' })
    assert.equal(status, 200)
    const { moderation, ...answer } = body
    assert.deepEqual(answer, { success: true, uuid: 'm-1', room, seq: 1, delivered: 1 })
    assert.deepEqual(moderation.categories, ['phone'])
    assert.match(moderation.notice, /^[^.]+\.$/)
    const event = await client.frame('message.created')
    assert.equal(event.conversation, room)
    assert.equal(event.seq, 1)
    assert.match(event.at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
    assert.equal(event.data.text, 'Привет 🎉, ***')
    assert.deepEqual(event.data.message, { ...message, text: 'Привет 🎉, ***' })
    assert.equal(await client.close(), 1005)
  })

  test(`${subprotocol}: people talk to each other`, async () => {
    const room = `talk-${subprotocol}`
    const join = async (user) => {
      const client = await Client.connect(server, subprotocol, await server.token(user, ['talk-*']))
      await client.ok({ op: 'subscribe', conversation: room })
      return client
    }
    const [ann, bob] = [await join('ann'), await join('bob')]
    const sent = await ann.ok({ op: 'send', conversation: room, text: 'hi', client_id: 'c-1' })
    assert.equal(sent.seq, 1)
    const event = await bob.frame('message.created')
    assert.deepEqual([event.data.sender, event.data.text, event.data.client_id], ['ann', 'hi', 'c-1'])
    await bob.ok({ op: 'typing', conversation: room })
    assert.deepEqual((await ann.frame('typing')).data, { user: 'bob', on: true })
    await bob.ok({ op: 'read', conversation: room, upto: 1 })
    assert.deepEqual((await ann.frame('read')).data, { user: 'bob', upto: 1 })
    const edited = await ann.ok({ op: 'edit', conversation: room, seq: 1, text: 'hi!' })
    assert.equal(edited.version, 2)
    assert.equal((await bob.frame('message.edited')).data.text, 'hi!')
    const history = await bob.ok({ op: 'history', conversation: room })
    assert.equal(history.messages.length, 1)
    const refused = await bob.ask({ op: 'send', conversation: 'elsewhere', text: 'x' })
    assert.deepEqual([refused.type, refused.code], ['error', 'not_a_member'])
    const pong = await bob.ask({ op: 'ping' })
    assert.equal(pong.type, 'pong')
    await Promise.all([ann.close(), bob.close()])
  })

  test(`${subprotocol}: a client that was away resumes`, async () => {
    const room = `away-${subprotocol}`
    const token = await server.token('u', [room])
    const first = await Client.connect(server, subprotocol, token)
    await first.ok({ op: 'subscribe', conversation: room })
    await server.post('new-message', { room, message: { text: 'one' } })
    const { seq } = await first.frame('message.created')
    const { epoch } = first.welcome
    first.raw().terminate()
    for (const text of ['two', 'three']) await server.post('new-message', { room, message: { text } })
    const second = await Client.connect(server, subprotocol)
    await second.ok({ op: 'hello', token, resume: { epoch, conversations: { [room]: seq } } })
    const missed = [await second.frame('message.created'), await second.frame('message.created')]
    assert.deepEqual(missed.map((event) => event.data.text), ['two', 'three'])
    assert.deepEqual(missed.map((event) => event.seq), [2, 3])
    await second.close()
  })
}

test('a hundred clients receive everything, once and in order', async () => {
  const token = await server.token('crowd', ['crowd'])
  const connect = (_, n) => Client.connect(server, subprotocols[n % 2], token)
  const clients = await Promise.all(Array.from({ length: 100 }, connect))
  await Promise.all(clients.map((client) => client.ok({ op: 'subscribe', conversation: 'crowd' })))
  const count = 50
  for (let n = 1; n <= count; n++) {
    const { body } = await server.post('new-message', { room: 'crowd', message: { text: `${n}` } })
    assert.equal(body.delivered, 100)
  }
  for (const client of clients) {
    for (let n = 1; n <= count; n++) assert.equal((await client.frame('message.created')).seq, n)
  }
  await Promise.all(clients.map((client) => client.close()))
})

test('no common subprotocol is refused, none offered is JSON', async () => {
  const refused = new WebSocket(`ws://${server.address}/ws`, 'chat.v7')
  const error = await new Promise((resolve) => refused.once('error', resolve))
  assert.match(error.message, /400/)
  const plain = new WebSocket(`ws://${server.address}/ws`)
  const first = await new Promise((resolve) => plain.once('message', (data) => resolve(data)))
  assert.equal(JSON.parse(first.toString()).type, 'welcome')
  plain.close()
})

test('a stopping server says bye and nothing is lost over the restart', async () => {
  await withServer({}, async (own) => {
    const token = await own.token('u', ['r'])
    const client = await Client.connect(own, subprotocols[0], token)
    await client.ok({ op: 'subscribe', conversation: 'r' })
    await own.post('new-message', { room: 'r', message: { text: 'before' }, uuid: 'u-1' })
    const ended = own.end('SIGTERM')
    assert.equal((await client.frame('bye')).reason, 'draining')
    assert.equal(await client.closed, 4100)
    assert.equal(await ended, 0)
    await own.start()
    const history = await own.history('r')
    assert.deepEqual(history.messages.map((message) => message.uuid), ['u-1'])
  })
})
