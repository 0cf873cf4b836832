// Each role's main task in a real browser, over one hub with the demo's company.
import { after, before, suite } from 'node:test'
import { startHub } from './hub.mjs'
import { launch } from './visitor.mjs'
import { admin } from './admin.mjs'
import { dealer } from './dealer.mjs'
import { finance } from './finance.mjs'
import { management } from './management.mjs'
import { operations } from './operations.mjs'
import { everybody } from './everybody.mjs'

suite('the web', { timeout: 900_000 }, () => {
  /** Filled before the first test. */
  const at = {}

  before(async () => {
    at.hub = await startHub()
    at.browser = await launch()
  })

  after(async () => {
    await at.browser?.close()
    await at.hub?.stop()
  })

  for (const tests of [everybody, management, operations, finance, dealer, admin]) tests(at)
})
