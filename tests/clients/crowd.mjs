// A process full of stock clients, so that no single one carries a thousand. It is told what to do
// by the test that forked it: connect them, report on them, end.

import { Client } from './socketio.mjs'

const clients = []

const room = (n, rooms) => `hall-${n % rooms}`

/** Connects clients `first` to `first + count - 1`: every other one polls. */
async function open({ url, token, first, count, rooms }) {
  const places = Array.from({ length: count }, (_, n) => first + n)
  for (let start = 0; start < count; start += 25) {
    const group = places.slice(start, start + 25).map(async (n) => {
      const way = n >> 1 & 1 ? 'polling' : 'websocket'
      // The waiting times of the client as it comes from npm.
      const waits = { reconnectionDelay: 1000, reconnectionDelayMax: 5000 }
      const client = new Client(url, { token, way, ...waits })
      clients.push({ client, room: room(n, rooms), backAt: [] })
      await client.connected()
      await client.join(room(n, rooms))
      client.socket.on('connect', () => clients.at(n - first).backAt.push(Date.now()))
    })
    await Promise.all(group)
  }
  return {}
}

/** Waits until every client has been cut off and is back; when the last one was. */
async function back({ round }) {
  await Promise.all(clients.map(async ({ client }) => {
    await client.disconnected(round)
    await client.connected(round + 1)
  }))
  return { lastAt: Math.max(...clients.map(({ backAt }) => backAt[round - 1])) }
}

/** Waits until every client has heard the last message of its room, and counts what is wrong. */
async function settle({ lasts }) {
  const figures = { clients: clients.length, heard: 0, lost: 0, doubled: 0, displaced: 0, fresh: 0 }
  for (const { client, room } of clients) {
    const count = lasts[room]
    await client.until(`the last of ${room}`, () => client.events.some((event) => event[1].message.id === count))
    const ids = client.events.map(([, { message }]) => message.id)
    const known = new Set(ids)
    figures.heard += known.size
    figures.lost += count - known.size
    figures.doubled += ids.length - known.size
    figures.displaced += ids.filter((id, place) => place > 0 && id < ids[place - 1]).length
    figures.fresh += client.connects.slice(1).filter((recovered) => !recovered).length
  }
  return figures
}

const tasks = { open, back, settle }

process.on('message', async ({ task, ...rest }) => {
  try {
    process.send({ done: await tasks[task](rest) })
  } catch (error) {
    process.send({ failed: `${task}: ${error.message}` })
  }
})
process.on('disconnect', () => process.exit())
