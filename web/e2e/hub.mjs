// A hub of its own: the demo, served on a port that is free, with the ERP of its made-up company.
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const REPOSITORY = new URL('../..', import.meta.url).pathname
const BINARY = process.env.YUANLIU_BIN ?? join(process.env.CARGO_TARGET_DIR ?? join(REPOSITORY, 'target'), 'debug/yuanliu')

/** Starts the demo; answers `{ address, bi, password, logins, stop }` once it listens. */
export async function startHub() {
  const folder = await mkdtemp(join(tmpdir(), 'yuanliu-e2e-'))
  const args = ['demo', '--home', join(folder, 'demo'), '--serve', '--port', '0', '--format', 'json', '--quiet']
  const hub = spawn(BINARY, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let told = ''
  hub.stderr.setEncoding('utf8').on('data', (text) => { told += text })
  const ended = new Promise((done) => hub.once('exit', done))
  const facts = {}
  const lines = createInterface({ input: hub.stdout })
  const listening = (async () => {
    for await (const line of lines) {
      if (!line.startsWith('{')) continue
      Object.assign(facts, JSON.parse(line))
      if (facts.address) return facts
    }
    throw new Error(`the demo ended before it listened:\n${told}`)
  })()
  let isAsked = false
  // A hub that ends by itself fails every test after it, so that its reason has to be seen.
  hub.once('exit', (code) => { if (!isAsked && facts.address) console.error(`the hub ended with ${code}:\n${told}`) })
  const stop = async () => {
    isAsked = true
    hub.kill('SIGTERM')
    await ended
    await rm(folder, { recursive: true, force: true })
  }
  try {
    return { ...(await listening), stop }
  } catch (error) {
    await stop()
    throw error
  }
}
