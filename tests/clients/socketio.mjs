// The stock socket.io-client, with a memory: what came, in order, and how often it connected. It
// changes nothing about the client but how soon it tries again.

import { io } from 'socket.io-client'

/** The three ways in which clients travel. */
export const ways = {
  polling: ['polling'],
  websocket: ['websocket'],
  upgrading: ['polling', 'websocket'],
}

/** The six events of the bridge. */
export const names = [
  'new_message', 'edit_message', 'reply_message', 'update_message', 'delete_message', 'status_update',
]

const PATIENCE_MS = 90_000

export class Client {
  /** Every event as `[name, ...arguments]`. */
  events = []
  /** For each time it connected, whether its state was recovered. */
  connects = []
  refusals = []
  reasons = []
  #checks = new Set()

  constructor(url, { token, way = 'upgrading', ...options } = {}) {
    this.socket = io(url, {
      forceNew: true,
      transports: ways[way],
      auth: token === undefined ? undefined : { token },
      reconnectionDelay: 100,
      reconnectionDelayMax: 1000,
      ...options,
    })
    this.socket.on('connect', () => this.#note(this.connects, this.socket.recovered === true))
    this.socket.on('connect_error', (error) => this.#note(this.refusals, error))
    this.socket.on('disconnect', (reason) => this.#note(this.reasons, reason))
    this.socket.onAny((...event) => this.#note(this.events, event))
  }

  /** Connects, and joins some rooms. */
  static async connect(url, options, ...rooms) {
    const client = new Client(url, options)
    try {
      const refused = () => client.refusals.length > 0 && !client.socket.active
      await client.until('connecting', () => client.connects.length > 0 || refused())
      if (refused()) throw client.refusals.at(-1)
      for (const room of rooms) await client.join(room)
      return client
    } catch (error) {
      client.close()
      throw error
    }
  }

  #note(list, what) {
    list.push(what)
    for (const check of this.#checks) check()
  }

  /** Waits until something holds; `what` names it should it never come. */
  async until(what, holds) {
    if (holds()) return
    await new Promise((resolve, reject) => {
      const check = () => {
        if (!holds()) return
        clearTimeout(timer)
        this.#checks.delete(check)
        resolve()
      }
      const timer = setTimeout(() => {
        this.#checks.delete(check)
        reject(new Error(`${what}: not within ${PATIENCE_MS / 1000} s; ${this.#story()}`))
      }, PATIENCE_MS)
      this.#checks.add(check)
    })
  }

  #story() {
    const { connected } = this.socket
    const count = this.events.length
    const [reasons, connects] = [this.reasons.slice(-3), this.connects.slice(-3)]
    const refusals = this.refusals.slice(-3).map((error) => error.message)
    return JSON.stringify({ connected, count, connects, reasons, refusals })
  }

  connected(times = 1) {
    return this.until(`connection ${times}`, () => this.connects.length >= times)
  }

  /** Waits until it has lost its connection so many times. */
  disconnected(times = 1) {
    return this.until(`disconnection ${times}`, () => this.reasons.length >= times)
  }

  /** The error of a connection that is refused. */
  async refused(times = 1) {
    await this.until(`refusal ${times}`, () => this.refusals.length >= times)
    return this.refusals[times - 1]
  }

  /** Waits for so many events in all, and gives them without the offsets. */
  async heard(count) {
    await this.until(`${count} events`, () => this.events.length >= count)
    return this.events.map(([name, payload]) => [name, payload])
  }

  /** Emits and waits for the answer. */
  ask(...event) {
    return this.socket.timeout(PATIENCE_MS).emitWithAck(...event)
  }

  async join(room) {
    const answer = await this.ask('subscribe', room)
    if (!answer.success) throw new Error(`${JSON.stringify(room)}: ${JSON.stringify(answer)}`)
    return answer
  }

  /** Waits until the upgrade to WebSocket is done. */
  async upgraded() {
    const { engine } = this.socket.io
    if (engine.transport.name === 'websocket') return
    await new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('no upgrade')), PATIENCE_MS)
      engine.once('upgrade', () => { clearTimeout(timer); resolve() })
    })
  }

  close() {
    this.socket.close()
  }
}

/** What a client that applies events holds of a room, in the shape of the history. */
export function holdings(events) {
  const held = new Map()
  for (const [name, { message, messageId, replyTo, status, uuid }] of events) {
    const entry = held.get(messageId ?? message.id)
    if (name === 'new_message' || name === 'reply_message') {
      held.set(message.id, { messageId: message.id, uuid, message, replyTo, edited: false, deleted: false })
    } else if (!entry) {
      throw new Error(`${name} about ${messageId}, which is unknown`)
    } else if (name === 'delete_message') {
      Object.assign(entry, { message: null, deleted: true })
    } else if (name === 'status_update') {
      entry.status = status
    } else if (name === 'update_message') {
      entry.message = message
    } else {
      Object.assign(entry, { message, edited: true })
    }
  }
  return [...held.values()]
}
