// A dealer with a phone: own stock, own codes, a receipt by scan, an appeal.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PHONE, visit } from './visitor.mjs'

export function dealer(at) {
  test('stock and codes are the dealer\'s own', async () => {
    const { page, go, picture, leave } = await visit(at.browser, at.hub, 'dealer', { size: PHONE })
    await go('/dealer/stock')
    await picture('dealer-stock-phone')
    await page.locator('tbody a').first().click()
    await page.waitForURL(/\/dealer\/codes/)
    await page.locator('tbody tr').first().waitFor()
    await picture('dealer-codes-phone')
    await go('/dealer/score')
    await picture('dealer-score-phone')
    const codes = await page.request.get(`${at.hub.address}/api/v1/dealer/codes?limit=5`)
    const [own] = (await codes.json()).items
    at.ownCode = own.code
    await leave()
  })

  test('a code that is typed is received', async () => {
    const { page, go, picture, leave } = await visit(at.browser, at.hub, 'dealer', { size: PHONE })
    await go('/dealer/scan')
    const field = page.locator('input[type=text]:visible, input:not([type]):visible').last()
    await field.fill(at.ownCode)
    await field.press('Enter')
    await page.getByText(at.ownCode).first().waitFor()
    await picture('dealer-scan-phone')
    const sent = page.waitForResponse((answer) => answer.url().endsWith('/api/v1/events'))
    await page.locator('main .el-button--primary:visible').last().click()
    const receipt = await (await sent).json()
    assert.equal(receipt.accepted + receipt.duplicate, 1, JSON.stringify(receipt))
    await picture('dealer-received-phone')
    await leave()
  })

  test('a case against the dealer is read and appealed', async () => {
    const { page, go, picture, message, leave } = await visit(at.browser, at.hub, 'dealer', { size: PHONE })
    await go('/operations/diversion?queue=all')
    await page.locator('main a[href*="/cases/"]').first().click()
    await page.waitForURL(/\/diversion\/cases\//)
    await page.locator('textarea:visible').fill('请复核：货物由门店自提')
    await picture('dealer-case-phone')
    await page.locator('form button.el-button--primary:visible, section button.el-button--primary:visible').last().click()
    await message(/./)
    await page.getByText('请复核：货物由门店自提').first().waitFor()
    await leave()
  })
}
