// A client of the native protocol as somebody would write it with npm's `ws` and `@msgpack/msgpack`.
// Keeps what it was not asked for until the test wants it.

import { decode, encode } from '@msgpack/msgpack'
import WebSocket from 'ws'

const codecs = {
  'parlour.v1.json': {
    encode: (value) => JSON.stringify(value),
    decode: (data, binary) => {
      if (binary) throw new Error('a binary frame on JSON')
      return JSON.parse(data.toString('utf8'))
    },
  },
  'parlour.v1.msgpack': {
    encode: (value) => encode(value),
    decode: (data, binary) => {
      if (!binary) throw new Error('a text frame on msgpack')
      return decode(data)
    },
  },
}

export const subprotocols = Object.keys(codecs)

export class Client {
  #socket
  #codec
  #lastId = 0
  #answers = new Map()
  #frames = []
  #waiting = []

  static async connect(server, subprotocol, token) {
    const client = new Client()
    client.#codec = codecs[subprotocol]
    const socket = new WebSocket(`ws://${server.address}/ws`, subprotocol)
    client.#socket = socket
    client.closed = new Promise((resolve) => socket.once('close', (code) => resolve(code)))
    socket.on('message', (data, binary) => client.#take(client.#codec.decode(data, binary)))
    await new Promise((resolve, reject) => {
      socket.once('open', resolve)
      socket.once('error', reject)
    })
    socket.on('error', () => {})
    if (socket.protocol !== subprotocol) throw new Error(`chose ${socket.protocol}`)
    client.welcome = await client.frame('welcome')
    if (token) await client.ok({ op: 'hello', token })
    return client
  }

  #take(frame) {
    const answered = this.#answers.get(frame.id)
    if (answered) {
      this.#answers.delete(frame.id)
      answered(frame)
      return
    }
    const at = this.#waiting.findIndex(({ type }) => !type || type === frame.type)
    if (at < 0) this.#frames.push(frame)
    else this.#waiting.splice(at, 1)[0].resolve(frame)
  }

  /** The answer to an operation. */
  ask(operation) {
    const id = ++this.#lastId
    return new Promise((resolve, reject) => {
      this.#answers.set(id, resolve)
      this.#socket.send(this.#codec.encode({ ...operation, id }), (error) => error && reject(error))
    })
  }

  async ok(operation) {
    const answer = await this.ask(operation)
    if (answer.type !== 'ok') throw new Error(`${JSON.stringify(operation)}: ${JSON.stringify(answer)}`)
    return answer
  }

  /** The next frame, or the next one of a type. */
  async frame(type) {
    const at = this.#frames.findIndex((frame) => !type || frame.type === type)
    if (at >= 0) return this.#frames.splice(at, 1)[0]
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no ${type ?? 'frame'} within 20 s`)), 20_000)
      this.#waiting.push({ type, resolve: (frame) => { clearTimeout(timer); resolve(frame) } })
    })
  }

  raw() {
    return this.#socket
  }

  close() {
    this.#socket.close()
    return this.closed
  }
}
