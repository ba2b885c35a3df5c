// Connection state recovery with the stock client: after a break it is told exactly what it missed,
// whatever broke: the network, the server's process, or both.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import msgpack from 'socket.io-msgpack-parser'

import { withLink } from './link.mjs'
import { Server, wait, withServer } from './server.mjs'
import { Client, ways } from './socketio.mjs'

let server
before(async () => { server = await Server.start() })
after(() => server.remove())

let posted = 0
/** Posts messages with ids `from` to `to`. */
async function say(own, room, from, to = from) {
  for (let n = from; n <= to; n++) {
    await own.insist('new-message', { room, message: { id: n, text: `${n}` }, uuid: `r-${++posted}` })
  }
}

const ids = (events) => events.map(([, payload]) => payload.message.id)
const upTo = (count) => Array.from({ length: count }, (_, n) => n + 1)

/** Plays with clients behind a link; whatever comes of it, they are closed. */
async function withClients(own, play) {
  await withLink(own, async (link) => {
    const clients = []
    const connect = async (options, ...rooms) => {
      const client = await Client.connect(link.url, options, ...rooms)
      clients.push(client)
      return client
    }
    try {
      await play(connect, link)
    } finally {
      for (const client of clients) client.close()
    }
  })
}

for (const way of Object.keys(ways)) {
  test(`${way}: after a cut, what was missed comes once and in order`, async () => {
    const room = `cut-${way}`
    await withClients(server, async (connect, link) => {
      const client = await connect({ way, token: await server.token('u', [room]) }, room)
      await say(server, room, 1, 3)
      await client.heard(3)
      link.cut()
      await client.disconnected()
      await say(server, room, 4, 10)
      link.mend()
      await client.connected(2)
      assert.deepEqual(client.connects, [false, true])
      assert.deepEqual(ids(await client.heard(10)), upTo(10))
      await say(server, room, 11)
      assert.deepEqual(ids(await client.heard(11)), upTo(11), 'the room is joined again')
    })
  })

  test(`${way}: a client that had heard nothing yet recovers too`, async () => {
    const room = `silent-${way}`
    await withClients(server, async (connect, link) => {
      const client = await connect({ way, token: await server.token('u', [room]) }, room)
      link.cut()
      await client.disconnected()
      await say(server, room, 1, 5)
      link.mend()
      await client.connected(2)
      assert.equal(client.connects[1], true)
      assert.deepEqual(ids(await client.heard(5)), upTo(5))
    })
  })

  test(`${way}: a second break recovers as the first, with events in between or without`, async () => {
    const room = `again-${way}`
    await withClients(server, async (connect, link) => {
      const client = await connect({ way, token: await server.token('u', [room]) }, room)
      let count = 0
      for (const [nth, between] of [2, 0, 3, 0].entries()) {
        link.cut()
        await client.disconnected(nth + 1)
        await say(server, room, count + 1, count + 2)
        link.mend()
        await client.connected(nth + 2)
        await say(server, room, count + 3, count + 2 + between)
        count += 2 + between
        assert.deepEqual(ids(await client.heard(count)), upTo(count))
      }
      assert.deepEqual(client.connects, [false, true, true, true, true])
    })
  })

  test(`${way}: after SIGKILL and restart`, async () => {
    await withServer({}, async (own) => {
      await withClients(own, async (connect, link) => {
        const token = await own.token('u', ['k*'])
        const heard = await connect({ way, token }, 'k')
        const silent = await connect({ way, token }, 'k', 'k-quiet')
        await say(own, 'k', 1, 3)
        await heard.heard(3)
        // The one that heard nothing of the second room has an offset of the first.
        await silent.heard(3)
        for (let round = 1; round <= 2; round++) {
          await own.end('SIGKILL')
          await Promise.all([heard.disconnected(round), silent.disconnected(round)])
          link.cut()
          await own.start()
          const first = 3 * round + 1
          await say(own, 'k', first, first + 2)
          link.mend()
          await Promise.all([heard.connected(round + 1), silent.connected(round + 1)])
          for (const client of [heard, silent]) {
            assert.equal(client.connects[round], true, `round ${round}`)
            assert.deepEqual(ids(await client.heard(first + 2)), upTo(first + 2))
          }
        }
        await say(own, 'k-quiet', 10)
        assert.deepEqual(ids(await silent.heard(10)), upTo(10))
        assert.equal(heard.events.length, 9)
      })
    })
  })
}

test('killed before any event was heard at all', async () => {
  await withServer({}, async (own) => {
    await withClients(own, async (connect, link) => {
      const client = await connect({ token: await own.token('u', ['r']) }, 'r')
      link.cut()
      await own.end('SIGKILL')
      await client.disconnected()
      await own.start()
      await say(own, 'r', 1, 4)
      link.mend()
      await client.connected(2)
      assert.equal(client.connects[1], true)
      assert.deepEqual(ids(await client.heard(4)), upTo(4))
    })
  })
})

test('a client comes back while the server still holds its dead connection', async () => {
  for (const way of ['websocket', 'polling']) {
    const room = `tunnel-${way}`
    await withClients(server, async (connect, link) => {
      const client = await connect({ way, token: await server.token('u', [room]) }, room)
      await say(server, room, 1)
      await client.heard(1)
      for (let round = 1; round <= 3; round++) {
        link.strand()
        await client.disconnected(round)
        link.mend()
        await client.connected(round + 1)
        assert.equal(client.connects[round], true, `${way}, round ${round}`)
        await say(server, room, round + 1)
        assert.deepEqual(ids(await client.heard(round + 1)), upTo(round + 1))
      }
    })
  }
})

test('several rooms: joined ones are back, left ones are not, the order holds across them', async () => {
  const room = (n) => `many-${n}`
  await withClients(server, async (connect, link) => {
    const client = await connect({ token: await server.token('u', ['many-*']) }, ...upTo(6).map(room))
    await client.ask('leave', room(6))
    for (const n of upTo(6)) await say(server, room(n), n)
    assert.deepEqual(ids(await client.heard(5)), upTo(5))
    link.cut()
    await client.disconnected()
    for (let n = 1; n <= 60; n++) await say(server, room(n % 6 + 1), 100 + n)
    link.mend()
    await client.connected(2)
    assert.equal(client.connects[1], true)
    const missed = upTo(60).filter((n) => n % 6 !== 5).map((n) => 100 + n)
    assert.deepEqual(ids(await client.heard(55)).slice(5), missed)
    await say(server, room(6), 200)
    await say(server, room(1), 201)
    assert.deepEqual(ids(await client.heard(56)).slice(55), [201])
  })
})

test('what is said while a client recovers is neither lost nor doubled', async () => {
  const room = 'busy'
  await withClients(server, async (connect, link) => {
    const clients = []
    for (const way of Object.keys(ways)) {
      clients.push(await connect({ way, token: await server.token('u', [room]) }, room))
    }
    const count = 300
    const talk = say(server, room, 1, count)
    let breaks = 0
    for (; breaks < 4; breaks++) {
      await wait(150)
      link.cut()
      await Promise.all(clients.map((client) => client.disconnected(breaks + 1)))
      link.mend()
      await Promise.all(clients.map((client) => client.connected(breaks + 2)))
    }
    await talk
    for (const client of clients) {
      assert.deepEqual(ids(await client.heard(count)), upTo(count))
      assert.deepEqual(client.connects.slice(1), Array(breaks).fill(true))
    }
  })
})

test('a client on msgpack recovers too', async () => {
  const room = 'packed'
  await withClients(server, async (connect, link) => {
    const client = await connect({ parser: msgpack, token: await server.token('u', [room]) }, room)
    await say(server, room, 1)
    await client.heard(1)
    link.cut()
    await client.disconnected()
    await say(server, room, 2, 4)
    link.mend()
    await client.connected(2)
    assert.equal(client.connects[1], true)
    assert.deepEqual(ids(await client.heard(4)), upTo(4))
  })
})

test('who comes back shows a valid token again, of the same person', async () => {
  await withServer({ PARLOUR_AUTH__LEEWAY_S: '0' }, async (own) => {
    const good = await own.token('u', ['r'])
    const other = await own.token('somebody-else', ['r'])
    await withClients(own, async (connect, link) => {
      const cutOff = async () => {
        const client = await connect({ token: good }, 'r')
        link.cut()
        await client.disconnected()
        return client
      }
      for (const [token, code] of [[await own.token('u', ['r'], '1s'), 'token_expired'], ['x', 'unauthenticated']]) {
        const client = await cutOff()
        if (code === 'token_expired') await wait(2100)
        client.socket.auth = { token }
        link.mend()
        await client.until(code, () => client.refusals.some((error) => error.data))
        assert.equal(client.refusals.at(-1).data.code, code)
        assert.equal(client.connects.length, 1)
        // With a valid token it is as if nothing had happened.
        client.socket.auth = { token: good }
        client.socket.connect()
        await client.connected(2)
        assert.equal(client.connects[1], true)
        client.close()
      }
      const thief = await cutOff()
      await say(own, 'r', 1)
      thief.socket.auth = { token: other }
      link.mend()
      await thief.connected(2)
      assert.equal(thief.connects[1], false, "another's session is not recovered")
      assert.deepEqual(await thief.join('r'), { success: true, room: 'r', seq: 1 })
      assert.deepEqual(thief.events, [])
    })
  })
})

test('rooms that may no longer be read are left out', async () => {
  const token = await server.token('u', ['kept', 'lost'])
  const less = await server.token('u', ['kept'])
  await withClients(server, async (connect, link) => {
    const client = await connect({ token }, 'kept', 'lost')
    link.cut()
    await client.disconnected()
    await say(server, 'lost', 1)
    await say(server, 'kept', 2)
    client.socket.auth = { token: less }
    link.mend()
    await client.connected(2)
    await say(server, 'lost', 3)
    await say(server, 'kept', 4)
    const heard = await client.heard(2)
    assert.deepEqual(heard.map(([, payload]) => [payload.room, payload.message.id]), [['kept', 2], ['kept', 4]])
  })
})

test('a client that left by itself is not recovered', async () => {
  await withClients(server, async (connect) => {
    const client = await connect({ token: await server.token('u', ['gone']) }, 'gone')
    await say(server, 'gone', 1)
    await client.heard(1)
    client.socket.disconnect()
    await say(server, 'gone', 2)
    client.socket.connect()
    await client.connected(2)
    assert.equal(client.connects[1], false)
    await client.join('gone')
    await say(server, 'gone', 3)
    assert.deepEqual(ids(await client.heard(2)), [1, 3])
  })
})

test('who stays away for longer than the window starts afresh', async () => {
  await withServer({ PARLOUR_SOCKETIO__RECOVERY_WINDOW_S: '2' }, async (own) => {
    await withClients(own, async (connect, link) => {
      const client = await connect({ token: await own.token('u', ['r']) }, 'r')
      await say(own, 'r', 1)
      await client.heard(1)
      link.cut()
      await client.disconnected()
      await say(own, 'r', 2)
      await wait(4500)
      link.mend()
      await client.connected(2)
      assert.deepEqual(client.connects, [false, false])
      assert.deepEqual(await client.join('r'), { success: true, room: 'r', seq: 2 })
      await say(own, 'r', 3)
      assert.deepEqual(ids(await client.heard(2)), [1, 3])
    })
  })
})

test('without recovery there is neither an offset nor a second life', async () => {
  await withServer({ PARLOUR_SOCKETIO__RECOVERY: '' }, async (own) => {
    await withClients(own, async (connect, link) => {
      const client = await connect({ token: await own.token('u', ['r']) }, 'r')
      await say(own, 'r', 1)
      await client.heard(1)
      assert.equal(client.events[0].length, 2, 'the name and the payload, nothing else')
      link.cut()
      await client.disconnected()
      await say(own, 'r', 2)
      link.mend()
      await client.connected(2)
      assert.deepEqual(client.connects, [false, false])
      // It keeps count itself: `after` brings what it missed.
      const answer = await client.ask('subscribe', { room: 'r', after: 1 })
      assert.deepEqual(answer, { success: true, room: 'r', seq: 2 })
      await say(own, 'r', 3)
      assert.deepEqual(ids(await client.heard(3)), upTo(3))
    })
  })
})
