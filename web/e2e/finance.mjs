// Finance closes the promoter month.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { visit } from './visitor.mjs'

export function finance(at) {
  test('the month adds up, a claim shows its facts, and the workbook is saved', async () => {
    const { page, go, picture, download, leave } = await visit(at.browser, at.hub, 'finance')
    await go('/finance?month=2026-03')
    await picture('finance-month')
    const month = 'grain=month&from=2026-03-01&to=2026-03-31&limit=1000'
    const answer = await page.request.get(`${at.hub.address}/api/v1/reports/promoter-summary?${month}`)
    const summary = (await answer.json()).rows
    assert.ok(summary.length > 0, 'somebody claimed in March')
    for (const row of summary) {
      // What was clawed back had been accepted.
      assert.equal(Number(row.claimed), Number(row.accepted) + Number(row.held) + Number(row.rejected), JSON.stringify(row))
    }
    const { name, bytes } = await download(() => page.locator('main button').filter({ hasText: /导出|Excel/ }).first().click())
    assert.match(name, /\.xlsx$/)
    assert.equal(bytes.subarray(0, 2).toString(), 'PK')
    await go('/finance/claims?month=2026-03')
    await page.locator('tbody tr').first().click()
    await page.locator('.el-drawer:visible').waitFor()
    await picture('finance-claim')
    await go('/finance/rates')
    await picture('finance-rates')
    await leave()
  })

  test('a held claim is released with a note, and the note stays with it', async () => {
    const { page, go, picture, message, leave } = await visit(at.browser, at.hub, 'finance')
    const answer = await page.request.get(`${at.hub.address}/api/v1/reports/promoter-claims?verdict=held&limit=10`)
    const { rows } = await answer.json()
    assert.ok(rows.length > 0, 'the demo has claims that are held')
    await go(`/finance/claims?month=${rows[0].claimed_at.slice(0, 7)}&verdict=held`)
    await page.locator('tbody tr').first().click()
    const drawer = page.locator('.el-drawer:visible')
    await drawer.waitFor()
    await page.fill('#claim-note', '门店监控已核实，同意放行')
    await picture('finance-held')
    await drawer.getByRole('button', { name: '放行' }).click()
    await message(/放行/)
    await drawer.getByText('门店监控已核实，同意放行').waitFor()
    await picture('finance-released')
    await leave()
  })
}
