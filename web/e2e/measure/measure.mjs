// How long a hub that runs takes in front of a person: `npm run measure -- --base http://127.0.0.1:8470 --login NAME`.
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { firstPage } from '../../build/firstPage.mjs'
import { launch } from '../visitor.mjs'
import { figures, missed, table } from './figures.mjs'
import { salesMap } from './salesMap.mjs'
import { firstPaint } from './stopwatch.mjs'
import { signIn, visit } from './visitor.mjs'

const LIMITS = { 'login: first contentful paint': 1000, 'sales map: first contentful paint': 1000, drill: 200 }
const WEB = new URL('../../', import.meta.url)
const DIST = new URL('dist/', WEB)

const { values: given } = parseArgs({ options: {
  base: { type: 'string' }, login: { type: 'string' }, password: { type: 'string' }, rounds: { type: 'string', default: '15' },
} })
const password = given.password ?? process.env.YUANLIU_PASSWORD
const rounds = Number(given.rounds)
if (!given.base || !given.login || !password || !Number.isInteger(rounds) || rounds < 1) {
  console.error('measure --base ADDRESS --login NAME --password PASSWORD (or YUANLIU_PASSWORD) [--rounds 15]')
  process.exit(2)
}
const base = given.base.replace(/\/$/, '')

const { note, lines } = figures(LIMITS)
const browser = await launch()
try {
  const session = await signIn(browser, base, given.login, password)
  for (let round = 0; round < rounds; round += 1) {
    await visit(browser, base, undefined, async (page, go) => {
      await go('/login')
      note('login: first contentful paint', await firstPaint(page))
    })
    await visit(browser, base, session, (page, go) => salesMap(page, go, note, round))
  }
} finally {
  await browser.close()
}

if (!existsSync(new URL('.vite/manifest.json', DIST))) execFileSync('npm', ['run', 'build'], { cwd: WEB, stdio: ['ignore', 'ignore', 'inherit'] })
const scripts = firstPage(DIST).filter(({ file }) => file.endsWith('.js'))
const initial_js_bytes_gzip = scripts.reduce((sum, { bytes }) => sum + bytes, 0)

console.log(table(lines()))
console.log(`initial JS: ${Math.round(initial_js_bytes_gzip / 1000)} kB gzipped in ${scripts.length} files`)
console.log(JSON.stringify({ rounds, figures: lines(), initial_js_bytes_gzip, initial_js_files: scripts.length }))
const late = missed(lines(), LIMITS)
if (late.length > 0) {
  console.error(`p95 is not below its limit: ${late.join(', ')}`)
  process.exit(1)
}
