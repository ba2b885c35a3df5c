// The README's steps from Express and Socket.IO, as they stand there, and its worked example for
// Laravel.

import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { chmod, mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

import { io } from 'socket.io-client'
import WebSocket from 'ws'

import { BackEnd } from './php.mjs'
import { inherited, program, wait, withServer } from './server.mjs'
import { Client } from './socketio.mjs'

const here = fileURLToPath(new URL('.', import.meta.url))
const readme = await readFile(join(here, '../../README.md'), 'utf8')

/** The code blocks between `<!-- name -->` and `<!-- /name -->`, as `[language, code]`. */
function blocks(name) {
  const [, section] = new RegExp(`<!-- ${name} -->\n([^]*?)<!-- /${name} -->`).exec(readme) ?? []
  assert.ok(section, `the README has no section ${name}`)
  return [...section.matchAll(/^```(\w+)\n([^]*?)^```$/gm)].map(([, language, code]) => [language, code])
}

/** A shell that is given one block after the other. */
class Shell {
  said = ''

  constructor(cwd, env) {
    this.process = spawn('bash', ['-e'], { cwd, env, detached: true })
    for (const stream of [this.process.stdout, this.process.stderr]) {
      stream.on('data', (piece) => { this.said += piece })
    }
    this.process.once('exit', (code) => { this.ended = `the shell ended with ${code}` })
  }

  run(code) {
    this.process.stdin.write(code)
  }

  async hears(text) {
    for (let round = 0; round < 900; round++) {
      if (this.said.includes(text)) return
      if (this.ended) break
      await wait(100)
    }
    assert.fail(`${text} was not printed, but: ${this.said} ${this.ended ?? ''}`)
  }

  end() {
    try {
      process.kill(-this.process.pid, 'SIGKILL')
    } catch {
      // It has ended already.
    }
  }
}

test('the way from Express and Socket.IO, step by step', async () => {
  await withServer({}, async (server) => {
    // A directory as the README supposes: `parlour` in the path, the client from npm.
    const place = join(server.directory, 'page')
    await mkdir(join(place, 'bin'), { recursive: true })
    await symlink(join(here, 'node_modules'), join(place, 'node_modules'))
    const parlour = join(place, 'bin', 'parlour')
    await writeFile(parlour, `#!/bin/sh\nexec '${program}' "$@" --data '${server.data}'\n`)
    await chmod(parlour, 0o755)
    const shell = new Shell(place, { ...inherited, PATH: `${join(place, 'bin')}:${process.env.PATH}` })
    try {
      for (const [language, text] of blocks('migration')) {
        const code = text.replaceAll('localhost:8080', server.address)
        if (language === 'js') {
          await writeFile(join(place, 'listen.mjs'), code)
          continue
        }
        shell.run(`${code}echo "end of a step"\n`)
        await shell.hears('end of a step')
        shell.said = shell.said.replace('end of a step', '')
        // Whatever the README says is printed, is.
        for (const line of code.split('\n')) {
          const promised = /^# (joined|chat_123|1 is)/.test(line)
          if (promised) await shell.hears(line.slice(2))
        }
      }
      assert.match(shell.said, /"success":true,"uuid":"msg-1","room":"chat_123","seq":1,"delivered":1/)
    } finally {
      shell.end()
    }
  })
})

test('the native protocol and its namespace, as the README shows them', async () => {
  await withServer({}, async (server) => {
    const token = await server.token('ann', ['chat_123'])
    const said = []
    const run = (name, result) => {
      const [[, code]] = blocks(name)
      const globals = { io, WebSocket, TOKEN: token, console: { log: (...words) => said.push(words) } }
      const body = `${code.replaceAll('localhost:8080', server.address)}\nreturn ${result}`
      return new Function(...Object.keys(globals), body)(...Object.values(globals))
    }
    const heard = async (shows) => {
      for (let round = 0; round < 900 && !said.some(shows); round++) await wait(100)
      assert.ok(said.some(shows), JSON.stringify(said))
    }
    const ws = run('native.js', 'ws')
    const socket = run('v1.js', 'socket')
    try {
      await heard(([answer]) => answer.type === 'ok' && answer.seq === 1)
      await heard((words) => words.join() === 'chat_123,1,hi')
      await heard(([line]) => line.startsWith?.('{"type":"message.created"') && line.includes('"text":"hi"'))
    } finally {
      socket.close()
      ws.close()
    }
  })
})

test('the README shows the PHP that the tests run', async () => {
  const file = await readFile(join(here, '../php/Parlour.php'), 'utf8')
  assert.deepEqual(blocks('Parlour.php'), [['php', file]])
})

test('a token that PHP signs is good, and what PHP may get wrong is told', async () => {
  await withServer({}, async (server) => {
    const backEnd = new BackEnd(server)
    const secret = (await readFile(join(server.data, 'signing.key'), 'utf8')).trim()
    const sign = `require $argv[1]; echo App\\Services\\Parlour::token($argv[2], 'user_46', ['chat_*']);`
    const words = ['-r', sign, join(here, '../php/Parlour.php'), secret]
    const { stdout: token } = await promisify(execFile)('php', words)
    const client = await Client.connect(server.url, { token }, 'chat_1')
    try {
      const first = await backEnd.once('newMessage', 'chat_1', { id: 1, text: 'a', price: 1.0 }, 'same')
      assert.deepEqual(first, { success: true, uuid: 'same', room: 'chat_1', seq: 1, delivered: 1 })
      assert.deepEqual(await backEnd.once('newMessage', 'chat_1', { id: 1, text: 'a' }, 'same'), first)
      const own = await backEnd.once('deleteMessage', 'chat_1', 1)
      assert.equal(own.uuid.length, 32)
      assert.equal((await client.heard(2))[1][1].uuid, own.uuid)
      await assert.rejects(backEnd.once('newMessage', '', { text: 'a' }), /invalid_field/)
      const stranger = new BackEnd({ url: server.url, key: 'plk_wrong' })
      await assert.rejects(stranger.once('newMessage', 'chat_1', { text: 'a' }), /unauthenticated/)
    } finally {
      client.close()
    }
  })
})
