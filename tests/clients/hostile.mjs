// An HTTP proxy as bad as those between people and servers: it holds answers back until they are
// complete, delays them, drops connections, and refuses, stalls or garbles the upgrade to WebSocket.

import http from 'node:http'
import { connect } from 'node:net'

import { wait } from './server.mjs'

/** Numbers between 0 and 1 that are the same in every run. */
function dice(seed) {
  let state = seed
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296
    return state / 4_294_967_296
  }
}

export class HostileProxy {
  /** When each polling request came, in milliseconds. */
  polls = []
  /** How many connections it has dropped, and how many upgrades it has seen. */
  dropped = 0
  upgrades = 0
  #sockets = new Set()

  /**
   * A proxy before `server`, with these vices:
   * - `delayMs`: an answer is held back for up to so long;
   * - `drops`: the share of requests that are lost, half of them with their answer;
   * - `severAfter`: the share of WebSockets' pieces of data after which the connection ends;
   * - `upgrade`: `pass`, `refuse` (an error), `ignore` (never answered), `mute` (switches, then passes
   *   only what the client says), `hangUp` (switches, then closes);
   * - `upgradeDelayMs`: how long what the server says on a WebSocket is held back at first.
   */
  static async to(server, vices = {}) {
    const proxy = new HostileProxy()
    const roll = dice(7)
    Object.assign(proxy, { upgrade: 'pass', delayMs: 0, drops: 0, severAfter: 0, upgradeDelayMs: 0 }, vices)
    proxy.agent = new http.Agent({ keepAlive: true })
    proxy.server = http.createServer((request, response) => {
      proxy.#pass(server, roll, request, response).catch(() => request.socket.destroy())
    })
    proxy.server.on('upgrade', (request, socket, head) => proxy.#switch(server, roll, request, socket, head))
    proxy.server.on('connection', (socket) => proxy.#keep(socket))
    await new Promise((resolve) => proxy.server.listen(0, '127.0.0.1', resolve))
    proxy.url = `http://127.0.0.1:${proxy.server.address().port}`
    return proxy
  }

  #keep(socket) {
    socket.on('error', () => {})
    this.#sockets.add(socket)
    socket.once('close', () => this.#sockets.delete(socket))
  }

  async #pass(server, roll, request, response) {
    if (request.method === 'GET') this.polls.push(performance.now())
    const body = await whole(request)
    const fate = roll()
    if (fate < this.drops / 2) return this.#drop(request.socket)
    const [host, port] = server.address.split(':')
    const { method, url: path, headers } = request
    const answer = await new Promise((resolve, reject) => {
      const onward = http.request({ host, port, method, path, headers, agent: this.agent }, resolve)
      onward.once('error', reject)
      // Who no longer waits need not be answered.
      response.once('close', () => { if (!response.writableFinished) onward.destroy() })
      onward.end(body)
    })
    const content = await whole(answer)
    if (this.delayMs) await wait(roll() * this.delayMs)
    if (fate < this.drops) return this.#drop(request.socket)
    const { 'transfer-encoding': _, ...kept } = answer.headers
    response.writeHead(answer.statusCode, { ...kept, 'content-length': content.length })
    response.end(content)
  }

  #drop(socket) {
    this.dropped++
    socket.destroy()
  }

  #switch(server, roll, request, socket, head) {
    this.upgrades++
    this.#keep(socket)
    if (this.upgrade === 'ignore') return
    if (this.upgrade === 'refuse') {
      socket.end('HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\nconnection: close\r\n\r\n')
      return
    }
    const [host, port] = server.address.split(':')
    const onward = connect(Number(port), host)
    this.#keep(onward)
    const lines = [`${request.method} ${request.url} HTTP/1.1`]
    for (let n = 0; n < request.rawHeaders.length; n += 2) {
      lines.push(`${request.rawHeaders[n]}: ${request.rawHeaders[n + 1]}`)
    }
    onward.write(`${lines.join('\r\n')}\r\n\r\n`)
    onward.write(head)
    socket.on('data', (bytes) => { onward.write(bytes) })
    onward.once('data', (first) => this.#converse(roll, socket, onward, first))
    onward.once('close', () => socket.destroy())
    socket.once('close', () => onward.destroy())
  }

  /** What the server says: the head of its answer, then frames. */
  #converse(roll, socket, onward, first) {
    const end = first.indexOf('\r\n\r\n') + 4
    socket.write(first.subarray(0, end))
    if (this.upgrade === 'hangUp') {
      onward.destroy()
      return
    }
    let held = this.upgradeDelayMs > 0 ? [first.subarray(end)] : undefined
    if (!held && end < first.length && this.upgrade !== 'mute') socket.write(first.subarray(end))
    if (held) {
      setTimeout(() => {
        socket.write(Buffer.concat(held))
        held = undefined
      }, this.upgradeDelayMs)
    }
    onward.on('data', (bytes) => {
      if (this.upgrade === 'mute') return
      if (held) held.push(bytes)
      else socket.write(bytes)
      if (roll() < this.severAfter) this.#drop(socket)
    })
  }

  async close() {
    for (const socket of this.#sockets) socket.destroy()
    this.agent.destroy()
    await new Promise((resolve) => this.server.close(resolve))
  }
}

async function whole(stream) {
  const parts = []
  for await (const part of stream) parts.push(part)
  return Buffer.concat(parts)
}
