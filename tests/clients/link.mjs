// A network that can be cut: a TCP relay between clients and a server. It passes bytes on and knows
// no protocol.

import { connect, createServer } from 'node:net'

export class Link {
  #pairs = new Set()
  #down = false

  /** A relay to wherever `server` is at that moment. */
  static async to(server) {
    const link = new Link()
    link.listener = createServer((near) => link.#join(near, server))
    await new Promise((resolve) => link.listener.listen(0, '127.0.0.1', resolve))
    link.url = `http://127.0.0.1:${link.listener.address().port}`
    return link
  }

  #join(near, server) {
    near.on('error', () => {})
    if (this.#down) {
      near.destroy()
      return
    }
    const [host, port] = server.address.split(':')
    const far = connect(Number(port), host)
    const pair = { near, far, frozen: false }
    this.#pairs.add(pair)
    for (const [from, to] of [[near, far], [far, near]]) {
      from.setNoDelay(true)
      from.on('error', () => {})
      from.on('close', () => { if (!pair.frozen) to.destroy() })
      from.on('data', (bytes) => { if (!pair.frozen) to.write(bytes) })
      from.on('end', () => { if (!pair.frozen) to.end() })
    }
    near.on('close', () => { if (!pair.frozen) this.#pairs.delete(pair) })
  }

  /** Ends every connection; new ones are refused until `mend`. */
  cut() {
    this.#down = true
    this.#drop()
  }

  mend() {
    this.#down = false
  }

  /**
   * As `cut`, but the server's side stays, silent: a telephone in a tunnel. The server finds out by
   * itself, if ever.
   */
  strand() {
    this.#down = true
    for (const pair of this.#pairs) {
      pair.frozen = true
      pair.near.destroy()
    }
  }

  #drop() {
    for (const { near, far } of this.#pairs) {
      near.destroy()
      far.destroy()
    }
    this.#pairs.clear()
  }

  async close() {
    this.cut()
    await new Promise((resolve) => this.listener.close(resolve))
  }
}

/** Runs with a link to a server; clients first, then the link, then the server may go. */
export async function withLink(server, play) {
  const link = await Link.to(server)
  try {
    return await play(link)
  } finally {
    await link.close()
  }
}
