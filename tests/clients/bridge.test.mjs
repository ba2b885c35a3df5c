// The bridge as a whole: a back end in PHP, people with the stock client, a network that fails and a
// server that dies. It follows the README's way from Express and Socket.IO.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isDeepStrictEqual } from 'node:util'

import { withLink } from './link.mjs'
import { Client as Native } from './native.mjs'
import { BackEnd } from './php.mjs'
import { withServer, withSteadyServer } from './server.mjs'
import { Client, holdings, ways } from './socketio.mjs'

const rooms = ['chat_1', 'chat_2', 'chat_3']
const phone = '+7 916 123-45-67'

/** A scene of all six posts: what PHP calls, and the event that everybody in the room is to receive. */
function scene(room, part) {
  const id = (n) => `${part}-${n}`
  const uuid = (n) => `${room}-${part}-${n}`
  const first = { id: part, text: `Звоните ${phone}`, from: 'user_46', timestamp: '2024-01-15T10:30:00Z' }
  const answer = { id: id('b'), text: 'Иду & 🎉', from: 47, extra: { deep: [1, null, 2.5] } }
  const edited = { id: part, text: 'Звоните', from: 'user_46' }
  const updated = { ...answer, seen: true }
  return [
    { call: ['newMessage', room, first, uuid(1)],
      event: ['new_message', { message: { ...first, text: 'Звоните ***' }, uuid: uuid(1), room }] },
    { call: ['replyMessage', room, answer, part, uuid(2)],
      event: ['reply_message', { message: answer, replyTo: part, uuid: uuid(2), room }] },
    { call: ['editMessage', room, part, edited, uuid(3)],
      event: ['edit_message', { message: edited, messageId: part, uuid: uuid(3), room }] },
    { call: ['updateMessage', room, id('b'), updated, uuid(4)],
      event: ['update_message', { message: updated, messageId: id('b'), uuid: uuid(4), room }] },
    { call: ['statusUpdate', room, id('b'), 'read', uuid(5)],
      event: ['status_update', { messageId: id('b'), status: 'read', uuid: uuid(5), room }] },
    { call: ['deleteMessage', room, part, uuid(6)],
      event: ['delete_message', { messageId: part, uuid: uuid(6), room }] },
  ]
}

/**
 * Checks what somebody heard who was away for a while. Every event is there, in its place; but the
 * message in one that was missed is as it is by now, so that nothing that was taken back is shown.
 */
function checkHeardAfterAll(heard, told) {
  const bare = ([name, { message, ...rest }]) => [name, rest, message?.id]
  assert.deepEqual(heard.map(bare), told.map(bare))
  const about = ([, { message, messageId }]) => messageId ?? message.id
  for (const [place, event] of heard.entries()) {
    const { message } = event[1]
    const later = told.slice(place).filter((other) => about(other) === about(event))
    const known = later.some(([, other]) => isDeepStrictEqual(other.message, message))
    const gone = message?.text === '' && later.some(([name]) => name === 'delete_message')
    assert.ok(known || gone, `${place}: ${JSON.stringify(event)}`)
  }
}

/** A room's history in the shape of what clients hold. */
async function history(server, room) {
  const { messages } = await server.history(room)
  return messages.map(({ messageId, uuid, message, replyTo, edited, deleted, status }) => {
    const entry = { messageId, uuid, message, replyTo, edited, deleted }
    return status === undefined ? entry : { ...entry, status }
  })
}

test('PHP posts, ten clients in three rooms receive, through a cut and a killed server', async () => {
  await withSteadyServer({}, async (server) => {
    await withLink(server, async (link) => {
      const backEnd = new BackEnd(server)
      const token = await server.token('user_46', ['chat_*'])
      const told = Object.fromEntries(rooms.map((room) => [room, []]))
      const play = async (part) => {
        for (let step = 0; step < 6; step++) {
          for (const room of rooms) {
            const { call, event } = scene(room, part)[step]
            const { success, uuid, seq } = await backEnd.call(...call)
            told[room].push(event)
            assert.deepEqual([success, uuid, seq], [true, event[1].uuid, told[room].length])
          }
        }
      }
      const audience = []
      try {
        for (let n = 0; n < 10; n++) {
          const way = Object.keys(ways)[n % 3]
          const room = rooms[(n + Math.floor(n / 3)) % 3]
          // The first one's network can be cut.
          const client = await Client.connect(n === 0 ? link.url : server.url, { token, way }, room)
          audience.push({ client, room })
        }
        const [{ client: unlucky }] = audience
        const everybodyHeardAll = async () => {
          for (const { client, room } of audience) {
            checkHeardAfterAll(await client.heard(told[room].length), told[room])
          }
        }
        const everybodyHeardLive = async () => {
          for (const { client, room } of audience) {
            const heard = await client.heard(told[room].length)
            assert.deepEqual(heard.slice(-6), told[room].slice(-6))
          }
        }

        // Everybody receives each post as its event, in order.
        await play(1)
        await everybodyHeardLive()

        // One is cut off, misses a scene, and is told of it when it is back.
        link.cut()
        await unlucky.disconnected()
        await play(2)
        assert.equal(unlucky.events.length, 6)
        link.mend()
        await unlucky.connected(2)
        assert.equal(unlucky.connects[1], true)
        await everybodyHeardAll()

        // The server dies in the middle of a scene; the back end's queue tries again.
        const playing = play(3)
        await audience[1].client.heard(13)
        await server.end('SIGKILL')
        await server.start()
        await playing
        for (const { client } of audience) {
          const times = client === unlucky ? 3 : 2
          await client.connected(times)
          assert.equal(client.connects[times - 1], true)
        }
        await everybodyHeardAll()
        await play(4)
        await everybodyHeardLive()
        await everybodyHeardAll()

        // What everybody holds is what the history says.
        for (const room of rooms) {
          const stored = await history(server, room)
          assert.equal(stored.length, 8)
          for (const one of audience.filter((other) => other.room === room)) {
            assert.deepEqual(holdings(await one.client.heard(0)), stored)
          }
        }
      } finally {
        for (const { client } of audience) client.close()
      }
    })
  })
})

test('a native client, a Socket.IO client and the history show the same room', async () => {
  await withServer({}, async (server) => {
    const backEnd = new BackEnd(server)
    const room = 'chat_1'
    const token = await server.token('user_46', [room])
    const web = await Client.connect(server.url, { token }, room)
    const natives = []
    try {
      for (const subprotocol of ['parlour.v1.json', 'parlour.v1.msgpack']) {
        const native = await Native.connect(server, subprotocol, token)
        natives.push(native)
        await native.ok({ op: 'subscribe', conversation: room, after: 0 })
      }
      const steps = scene(room, 1)
      for (const { call } of steps) await backEnd.call(...call)
      // Somebody who writes in the native protocol is heard by the others, too.
      await natives[0].ok({ op: 'send', conversation: room, text: `mine: ${phone}`, client_id: 'c-1' })
      const heard = await web.heard(steps.length + 1)
      assert.deepEqual(heard.slice(0, -1), steps.map(({ event }) => event))
      const [lastName, last] = heard.at(-1)
      assert.equal(lastName, 'new_message')
      assert.deepEqual([last.message.text, last.message.from, last.room], ['mine: ***', 'user_46', room])

      const stored = await history(server, room)
      assert.deepEqual(holdings(heard), stored)
      for (const native of natives) {
        const told = []
        while (told.length < heard.length) told.push(await native.frame())
        assert.deepEqual(told.map(({ conversation, seq }) => [conversation, seq]), heard.map((_, n) => [room, n + 1]))
        assert.deepEqual(told.map(inTheWordsOfTheBridge), heard)
      }
    } finally {
      web.close()
      await Promise.all(natives.map((native) => native.close()))
    }
  })
})

/** A native event as the event that a Socket.IO client receives. */
function inTheWordsOfTheBridge({ type, conversation: room, seq, at: timestamp, data }) {
  const { id, sender: from, text, message_id: messageId, reply_to: replyTo, status } = data
  const uuid = data.uuid ?? `${room}-${seq}`
  // What a person wrote has no object of a back end's; the bridge makes one.
  const message = data.message ?? { id, text, from, timestamp }
  switch (type) {
    case 'message.created':
      if (replyTo !== undefined) return ['reply_message', { message, replyTo, uuid, room }]
      return ['new_message', { message, uuid, room }]
    case 'message.edited': return ['edit_message', { message, messageId, uuid, room }]
    case 'message.updated': return ['update_message', { message, messageId, uuid, room }]
    case 'message.deleted': return ['delete_message', { messageId, uuid, room }]
    case 'message.status': return ['status_update', { messageId, status, uuid, room }]
    default: throw new Error(`an event ${type}`)
  }
}
