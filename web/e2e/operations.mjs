// Operations works a diversion case, reads a recall and a trace.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PHONE, visit } from './visitor.mjs'

export function operations(at) {
  test('a case is opened from the desk, its file saved, and decided', async () => {
    const { page, go, picture, download, message, leave } = await visit(at.browser, at.hub, 'operations')
    await go('/operations/diversion?queue=all')
    await page.locator('tbody tr').first().waitFor()
    await picture('operations-desk')
    await page.locator('tbody tr a').first().click()
    await page.waitForURL(/\/diversion\/cases\//)
    await page.getByText('已用豁免').first().waitFor()
    await picture('operations-case')
    const json = await download(() => page.getByRole('button', { name: 'JSON' }).click())
    const file = JSON.parse(json.bytes.toString())
    assert.match(JSON.stringify(file), /C00001/)
    const sheet = await download(() => page.getByRole('button', { name: 'Excel' }).first().click())
    assert.equal(sheet.bytes.subarray(0, 2).toString(), 'PK')
    await page.locator('.el-radio:visible').first().click()
    await page.locator('textarea:visible').first().fill('先核实物流')
    await page.getByRole('button', { name: '记录决定' }).click()
    await message(/./)
    await page.getByText('先核实物流').first().waitFor()
    await picture('operations-case-decided')
    await leave()
  })

  test('a recall of a batch says where it is, and its codes are saved', async () => {
    const { page, go, picture, download, leave } = await visit(at.browser, at.hub, 'operations')
    const units = await page.request.get(`${at.hub.address}/api/v1/trace/A00000001148287`)
    const { product, production } = await units.json()
    await go(`/operations/recall?product=${product.product_code}&batch=${production.batch_no}`)
    await page.getByRole('button', { name: /CSV/ }).first().waitFor()
    await picture('operations-recall')
    const { bytes } = await download(() => page.getByRole('button', { name: /CSV/ }).first().click())
    assert.match(bytes.toString(), /A00000001148287/)
    await leave()
  })

  test('a trace is a picture with its custody, and an unknown code says so', async () => {
    const { page, go, picture, leave } = await visit(at.browser, at.hub, 'operations', { expected: [/404 GET .*\/trace\/NOSUCH/] })
    await go('/operations/trace/A00000001148287')
    await page.getByText('A00000001148287').first().waitFor()
    await picture('operations-trace')
    await go('/operations/trace/NOSUCH')
    await picture('operations-trace-unknown')
    await leave()
  })

  test('the other pages of operations, also on a phone', async () => {
    const paths = ['diversion/flows', 'diversion/dealers', 'upload-quality', 'reconciliation', 'suppliers', 'dwell', 'scorecard']
    const { go, picture, leave } = await visit(at.browser, at.hub, 'operations')
    for (const path of paths) {
      await go(`/operations/${path}`)
      await picture(`operations-${path.replace('/', '-')}`)
    }
    await leave()
    const phone = await visit(at.browser, at.hub, 'operations', { size: PHONE })
    for (const path of ['diversion', 'upload-quality']) {
      await phone.go(`/operations/${path}`)
      await phone.picture(`operations-${path}-phone`)
    }
    await phone.leave()
  })
}
