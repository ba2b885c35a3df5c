// A thousand clients on both transports, a server that is killed and started again, and a back end
// that goes on posting: everybody is recovered, and nobody misses or repeats anything.

import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

import { wait, withSteadyServer } from './server.mjs'

const PROCESSES = 4
const CLIENTS = 250
const ROOMS = 40
/** Requests that are under way at once, and how many each of them begins in a second. */
const TALKERS = 4
const POSTS_PER_SECOND = 10

/** A forked crowd; `ask` gives it a task and waits until that is done. */
class Crowd {
  #child = fork(fileURLToPath(new URL('crowd.mjs', import.meta.url)))

  ask(task, rest = {}) {
    return new Promise((resolve, reject) => {
      const ended = () => reject(new Error(`${task}: the crowd ended`))
      this.#child.once('exit', ended)
      this.#child.once('message', ({ done, failed }) => {
        this.#child.off('exit', ended)
        if (failed) reject(new Error(failed))
        else resolve(done)
      })
      this.#child.send({ task, ...rest })
    })
  }

  end() {
    this.#child.kill('SIGKILL')
  }
}

/** A back end that posts at a steady rate, each room's messages numbered from 1. */
class Talk {
  lasts = {}
  #on = true
  #done

  constructor(server) {
    for (let n = 0; n < ROOMS; n++) this.lasts[`hall-${n}`] = 0
    const rooms = Object.keys(this.lasts)
    const share = (n) => rooms.filter((_, place) => place % TALKERS === n)
    this.#done = Promise.all(Array.from({ length: TALKERS }, (_, n) => this.#run(server, share(n))))
    // What went wrong is told by `end`.
    this.#done.catch(() => {})
  }

  async #run(server, rooms) {
    for (let n = 0; this.#on; n++) {
      const due = wait(1000 / POSTS_PER_SECOND)
      const room = rooms[n % rooms.length]
      const id = this.lasts[room] + 1
      const message = { id, text: `number ${id} of this room` }
      await server.insist('new-message', { room, message, uuid: `${room}-${id}` })
      this.lasts[room] = id
      await due
    }
  }

  /** Ends when every room has been spoken to once more. */
  async end() {
    const goal = Math.max(...Object.values(this.lasts)) + 1
    while (Object.values(this.lasts).some((last) => last < goal)) {
      await Promise.race([wait(50), this.#done])
    }
    this.#on = false
    await this.#done
  }

  stop() {
    this.#on = false
    return this.#done.catch(() => {})
  }
}

test('a thousand clients survive the death of the server', async (context) => {
  await withSteadyServer({}, async (server) => {
    const token = await server.token('crowd', ['hall-*'])
    const crowds = Array.from({ length: PROCESSES }, () => new Crowd())
    const all = (task, rest = () => ({})) => Promise.all(crowds.map((crowd, n) => crowd.ask(task, rest(n))))
    let talk
    try {
      const { url } = server
      await all('open', (n) => ({ url, token, first: n * CLIENTS, count: CLIENTS, rooms: ROOMS }))
      talk = new Talk(server)
      await wait(1000)
      for (const round of [1, 2]) {
        const killedAt = Date.now()
        await server.end('SIGKILL')
        await server.start()
        const readyAt = Date.now()
        const reports = await all('back', () => ({ round }))
        const lastAt = Math.max(...reports.map((report) => report.lastAt))
        context.diagnostic(
          `kill ${round}: ready again after ${readyAt - killedAt} ms, ` +
          `the last of ${PROCESSES * CLIENTS} clients back after ${lastAt - killedAt} ms`,
        )
        await wait(1000)
      }
      await talk.end()
      const figures = await all('settle', () => ({ lasts: talk.lasts }))
      const sum = (name) => figures.reduce((total, one) => total + one[name], 0)
      assert.equal(sum('clients'), PROCESSES * CLIENTS)
      for (const name of ['fresh', 'lost', 'doubled', 'displaced']) assert.equal(sum(name), 0, name)
      const perRoom = PROCESSES * CLIENTS / ROOMS
      const expected = Object.values(talk.lasts).reduce((total, last) => total + last * perRoom, 0)
      assert.equal(sum('heard'), expected)
      context.diagnostic(`${expected} events heard, none lost, doubled or out of its place`)
    } finally {
      for (const crowd of crowds) crowd.end()
      await talk?.stop()
    }
  })
})
