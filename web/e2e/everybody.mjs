// The public page, signing in and out, both languages, dark pages.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PHONE, visit } from './visitor.mjs'

const CODE = 'A00000001148287'

export function everybody(at) {
  test('the public asks on a phone whether codes are genuine', async () => {
    const { page, go, picture, leave } = await visit(at.browser, at.hub, null, { size: PHONE, expected: [/401 GET .*\/session$/] })
    await go('/verify')
    await picture('public-verify-phone')
    await page.fill('#codes', `${CODE} NOSUCHCODE1`)
    await page.keyboard.press('Enter')
    await page.getByText('NOSUCHCODE1').first().waitFor()
    await page.getByText(CODE).first().waitFor()
    await picture('public-answers-phone')
    await go(`/v/${CODE}`)
    await page.getByText(CODE).first().waitFor()
    const told = await page.locator('body').innerText()
    assert.doesNotMatch(told, /C00001|有限公司/, 'the public learns whose goods they are')
    await leave()
  })

  test('a wrong password is refused, a right one leads to the page of the role, and out again', async () => {
    const { page, go, picture, leave } = await visit(at.browser, at.hub, null, { expected: [/401 /] })
    await go('/login')
    await page.fill('#login-name', 'finance')
    await page.fill('#login-password', 'not the password')
    await page.keyboard.press('Enter')
    await page.locator('[role=alert]').first().waitFor()
    await picture('login-refused')
    await page.fill('#login-password', at.hub.password)
    await page.keyboard.press('Enter')
    await page.waitForURL((url) => url.pathname === '/finance')
    const cookies = await page.context().cookies()
    assert.ok(cookies.every(({ httpOnly, sameSite }) => httpOnly && sameSite === 'Lax'))
    await go('/admin/accounts')
    await page.waitForURL((url) => url.pathname === '/not-allowed')
    await leave()
  })

  test('pages are whole in English and in the dark', async () => {
    const { page, go, picture, leave } = await visit(at.browser, at.hub, 'management', { locale: 'en', dark: true })
    for (const path of ['/sales/map', '/operations/diversion', '/operations/upload-quality', '/operations/scorecard']) {
      await go(path)
      await picture(`english-dark${path.replaceAll('/', '-')}`)
      const menu = await page.locator('nav, aside').first().innerText()
      assert.doesNotMatch(menu, /\p{Script=Han}/u, path)
    }
    await leave()
  })
}
