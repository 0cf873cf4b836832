// Somebody in front of a real Chromium. Whatever the page complains of is a failure of the test.
import assert from 'node:assert/strict'
import { mkdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { chromium } from 'playwright-core'

const AXE = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Pictures of the run. */
export const PICTURES = process.env.E2E_PICTURES ?? new URL('pictures', import.meta.url).pathname

export const DESKTOP = { width: 1440, height: 900 }
export const PHONE = { width: 390, height: 844 }
export const SCREEN = { width: 1920, height: 1080 }

export const launch = () => chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
})

/** Somebody at the login of a role, or the public without one. */
export async function visit(browser, hub, role, { size = DESKTOP, locale = 'zh-CN', dark = false, expected = [] } = {}) {
  const context = await browser.newContext({
    viewport: size, locale, acceptDownloads: true, reducedMotion: 'reduce', colorScheme: dark ? 'dark' : 'light',
  })
  if (locale === 'en') await context.addInitScript(() => localStorage.setItem('yuanliu.locale', 'en'))
  const page = await context.newPage()
  page.setDefaultTimeout(20_000)
  const complaints = []
  const complain = (text) => { if (!expected.some((pattern) => pattern.test(text))) complaints.push(text) }
  page.on('pageerror', (error) => complain(`error ${error.message}`))
  page.on('console', (message) => {
    // A failed request is told below with what it was.
    if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) complain(`console ${message.text()}`)
  })
  page.on('response', (response) => {
    if (response.status() >= 400) complain(`${response.status()} ${response.request().method()} ${new URL(response.url()).pathname}`)
  })

  const settle = settling(page)
  const go = async (path) => {
    await page.goto(hub.address + path)
    await settle()
  }
  if (role) {
    await page.goto(`${hub.address}/login`)
    await page.fill('#login-name', role)
    await page.fill('#login-password', hub.password)
    await page.keyboard.press('Enter')
    await page.waitForURL((url) => !url.pathname.startsWith('/login'))
  }
  /** Keeps a picture, and looks whether everybody can read the page and nothing hangs over its edge. */
  const picture = async (name) => {
    await settle()
    await mkdir(PICTURES, { recursive: true })
    await page.screenshot({ path: join(PICTURES, `${name}.png`) })
    const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
    assert.ok(over <= 0, `${name} is ${over} px wider than its window`)
    await page.evaluate(AXE)
    const found = await page.evaluate(() => globalThis.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa'] }))
    const serious = found.violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
    assert.deepEqual(serious.map(({ id, nodes }) => `${id}: ${nodes[0].html}`), [], name)
  }
  /** Saves what a click downloads; answers its name and bytes. */
  const download = async (click) => {
    const [file] = await Promise.all([page.waitForEvent('download'), click()])
    return { name: file.suggestedFilename(), bytes: await readFile(await file.path()) }
  }
  const message = async (pattern) => {
    await page.locator('.el-message').filter({ hasText: pattern }).first().waitFor()
  }
  /** Asks in the page until the answer is yes; `page.waitForFunction` takes the promise of an answer for one. */
  const until = async (ask, about) => {
    const end = Date.now() + 60_000
    while (!(await page.evaluate(ask, about))) {
      assert.ok(Date.now() < end, `never came true: ${ask}`)
      await page.waitForTimeout(100)
    }
  }
  const leave = async () => {
    await context.close()
    assert.deepEqual(complaints, [])
  }
  return { page, go, picture, download, message, until, leave }
}

/** A wait until nothing is asked for, nothing shows that it loads, and nothing moves any more. */
function settling(page) {
  const pending = new Set()
  // The stream of running jobs never ends.
  page.on('request', (request) => { if (!request.url().endsWith('/runs/live')) pending.add(request) })
  page.on('requestfinished', (request) => pending.delete(request))
  page.on('requestfailed', (request) => pending.delete(request))
  const frames = () => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))
  return async () => {
    await page.waitForLoadState('load')
    do {
      await page.waitForFunction(() => {
        const busy = document.querySelector('.el-loading-mask, .el-skeleton, [aria-busy="true"]')
        const moves = document.getAnimations().some((one) => one.playState === 'running' && one.effect?.getComputedTiming().iterations !== Infinity)
        return document.readyState === 'complete' && !busy && !moves
      })
      await frames()
    } while (pending.size > 0)
    await page.evaluate(() => document.fonts.ready.then(() => undefined))
  }
}
