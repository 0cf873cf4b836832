// Somebody whose browser has never been here.
import { DESKTOP } from '../visitor.mjs'
import { install } from './stopwatch.mjs'

/** Longer than anything that is still worth a figure. */
const PATIENCE_MS = 30_000

/** Opens a page in a browser without cache; `session` is what `signIn` answered. What breaks on the page ends the measuring. */
export async function visit(browser, base, session, task) {
  const context = await browser.newContext({ viewport: DESKTOP, locale: 'zh-CN', storageState: session })
  await context.addInitScript(install)
  const page = await context.newPage()
  page.setDefaultTimeout(PATIENCE_MS)
  const broken = new Promise((_, fail) => page.once('pageerror', fail))
  try {
    return await Promise.race([task(page, (path) => page.goto(base + path, { waitUntil: 'commit' })), broken])
  } finally {
    await context.close()
  }
}

/** Logs in once by the form; answers the cookies of the session. */
export const signIn = (browser, base, login, password) => visit(browser, base, undefined, async (page, go) => {
  await go('/login')
  await page.fill('#login-name', login)
  await page.fill('#login-password', password)
  await page.keyboard.press('Enter')
  await page.waitForURL((url) => !url.pathname.startsWith('/login'))
  return page.context().storageState()
})
