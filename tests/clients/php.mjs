// The worked example of a Laravel back end, called as a job of a queue would call it.

import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

import { wait } from './server.mjs'

const script = fileURLToPath(new URL('../php/call.php', import.meta.url))

/** A back end in PHP that posts to a server. */
export class BackEnd {
  constructor(server) {
    this.env = { ...process.env, PARLOUR_URL: server.url, PARLOUR_KEY: server.key }
  }

  /** Calls a method once, with its arguments. */
  async once(method, ...words) {
    const { stdout } = await promisify(execFile)('php', [script, method, JSON.stringify(words)], { env: this.env })
    return JSON.parse(stdout)
  }

  /** The same as often as it takes, as a queue does with a job that failed. */
  async call(method, ...words) {
    for (let tries = 1; ; tries++) {
      try {
        return await this.once(method, ...words)
      } catch (error) {
        if (tries === 20 || !/was not reached|stopping|busy/.test(`${error.stdout}${error.stderr}`)) throw error
        await wait(250)
      }
    }
  }
}
