// Starts the real executable for a test and speaks HTTP to it. Knows no protocol.

import { spawn, execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const root = fileURLToPath(new URL('../..', import.meta.url))
const target = process.env.CARGO_TARGET_DIR ?? join(root, 'target')
export const program = process.env.PARLOUR_PROGRAM ?? join(target, 'debug', 'parlour')

/** The environment of whoever runs the tests, without what could reach a server. */
export const inherited = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !name.startsWith('PARLOUR_')),
)

export const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

/**
 * An address that is free now and stays so over restarts. It lies below the ports that the kernel
 * gives to clients: one that knocks while nobody listens could otherwise be given that very port.
 */
async function steadyAddress() {
  const range = await readFile('/proc/sys/net/ipv4/ip_local_port_range', 'utf8')
  const end = Math.min(32_768, Number(range.split(/\s+/)[0]))
  for (;;) {
    const port = Math.floor(end / 2 + Math.random() * (end / 2))
    const probe = createServer()
    const free = await new Promise((resolve) => {
      probe.once('error', () => resolve(false))
      probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
    })
    if (free) return `127.0.0.1:${port}`
  }
}

class Refused extends Error {}

export class Server {
  #env
  #child
  #ended = false
  #log = ''

  constructor(directory, env) {
    this.directory = directory
    this.data = join(directory, 'data')
    this.#env = { ...inherited, ...env }
  }

  static async start(env = {}) {
    const directory = await mkdtemp(join(tmpdir(), 'parlour-clients-'))
    const server = new Server(directory, {
      PARLOUR_LISTEN: '127.0.0.1:0',
      PARLOUR_STORAGE__BALLAST_BYTES: '0',
      ...env,
    })
    await server.start()
    server.key = (await server.run('key', 'create', '--name', 'clients')).key
    return server
  }

  /** One that comes back at the same address when it is started again. */
  static async steady(env = {}) {
    return Server.start({ PARLOUR_LISTEN: await steadyAddress(), ...env })
  }

  async start() {
    await rm(join(this.data, 'listen'), { force: true })
    this.#ended = false
    this.#child = spawn(program, ['serve', '--data', this.data], {
      cwd: this.directory,
      env: this.#env,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream.on('data', (piece) => { this.#log += piece })
    }
    this.#child.once('exit', () => { this.#ended = true })
    for (let round = 0; round < 6000; round++) {
      if (this.#ended) throw new Error(`the server ended while starting:\n${this.#log}`)
      try {
        const [address] = (await readFile(join(this.data, 'listen'), 'utf8')).split('\n')
        this.address = address
        if ((await fetch(`http://${address}/readyz`)).ok) return
      } catch {
        // Not listening yet.
      }
      await wait(20)
    }
    throw new Error(`the server did not become ready:\n${this.#log}`)
  }

  /** Runs a subcommand that prints JSON. */
  async run(...args) {
    const options = { cwd: this.directory, env: this.#env }
    const words = [...args, '--format', 'json', '--data', this.data]
    const { stdout } = await promisify(execFile)(program, words, options)
    return JSON.parse(stdout)
  }

  async token(user, rooms, ttl = '1h') {
    const words = ['--user', user, '--rooms', rooms.join(','), '--ttl', ttl]
    return (await this.run('token', 'mint', ...words)).token
  }

  get url() {
    return `http://${this.address}`
  }

  /** A post to the bridge; its status and answer. */
  async post(route, body) {
    const reply = await fetch(`http://${this.address}/api/sms/${route}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${this.key}` },
      body: JSON.stringify(body),
    })
    return { status: reply.status, body: await reply.json() }
  }

  /** A post that arrives even if the server is away for a while: the uuid makes repeats harmless. */
  async insist(route, body) {
    for (let round = 0; round < 600; round++) {
      try {
        const { status, body: answer } = await this.post(route, body)
        if (status === 200) return answer
        if (status !== 503) throw new Refused(`${route}: ${status} ${JSON.stringify(answer)}`)
      } catch (error) {
        if (error instanceof Refused) throw error
      }
      await wait(100)
    }
    throw new Error(`${route}: nobody took it`)
  }

  async history(room) {
    const target = `http://${this.address}/api/sms/rooms/${encodeURIComponent(room)}/messages`
    const reply = await fetch(`${target}?limit=200`, { headers: { 'x-api-key': this.key } })
    return reply.json()
  }

  async end(signal) {
    if (this.#ended) return
    const exit = new Promise((resolve) => this.#child.once('exit', (code) => resolve(code)))
    this.#child.kill(signal)
    return exit
  }

  async remove() {
    await this.end('SIGKILL')
    await rm(this.directory, { recursive: true, force: true })
  }
}

// Whatever ends the tests ends the servers.
export async function withServer(env, play) {
  return using(await Server.start(env), play)
}

/** The same with a server that keeps its address when it is killed and started again. */
export async function withSteadyServer(env, play) {
  return using(await Server.steady(env), play)
}

async function using(server, play) {
  try {
    await play(server)
  } finally {
    await server.remove()
  }
}
