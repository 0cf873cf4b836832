// Management reads the sales map down to a county, and takes what it shows along.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PHONE, SCREEN, visit } from './visitor.mjs'

/** A number as the page shows it. */
const number = (text) => Number(text.replaceAll(/[^\d.-]/g, ''))

export function management(at) {
  test('the map leads from China to a county, and every level adds up', async () => {
    const { page, go, picture, leave } = await visit(at.browser, at.hub, 'management')
    await go('/sales/map')
    await picture('management-map')
    const rows = page.locator('main tbody tr')
    for (const level of ['province', 'city', 'county']) {
      await rows.first().waitFor()
      const shares = await rows.evaluateAll((found) => found.map((row) => row.cells[2]?.textContent ?? ''))
      const total = await page.locator('main tfoot td, main tr:has-text("合计") td').evaluateAll((cells) => cells.map((cell) => cell.textContent))
      const summed = shares.filter((_, at) => at < shares.length).map(number)
      const whole = total.map(number).find((value) => Number.isFinite(value) && value > 0)
      assert.ok(whole, `a total of ${level}`)
      const parts = summed.reduce((sum, part) => sum + (Number.isFinite(part) ? part : 0), 0)
      assert.ok(parts === whole || parts === 2 * whole, `${level}: ${parts} of ${whole}`)
      await picture(`management-map-${level}`)
      const deeper = rows.locator('button')
      if (level === 'county' || (await deeper.count()) === 0) break
      const address = page.url()
      await deeper.first().click()
      await page.waitForURL((url) => url.href !== address)
    }
    // The address says all of it: who is sent it sees the same.
    const shown = await page.locator('main tbody').innerText()
    await page.reload()
    await rows.first().waitFor()
    await picture('management-map-again')
    assert.equal(await page.locator('main tbody').innerText(), shown)
    await leave()
  })

  test('measures, territories, and a workbook of what is shown', async () => {
    const { page, go, picture, download, leave } = await visit(at.browser, at.hub, 'management')
    await go('/sales/map')
    for (const measure of ['发货量', '订货金额', '渠道库存']) {
      await page.getByText(measure, { exact: true }).first().click()
      await picture(`management-${measure}`)
    }
    await page.getByText('显示授权区域').first().click()
    await picture('management-territories')
    await page.getByRole('button', { name: '导出 Excel' }).click()
    const { name, bytes } = await download(() => page.locator('.el-dropdown-menu__item:visible').first().click())
    assert.match(name, /\.xlsx$/)
    assert.equal(bytes.subarray(0, 2).toString(), 'PK')
    await leave()
  })

  test('addresses without a region, white space, a phone and a large screen', async () => {
    const desk = await visit(at.browser, at.hub, 'management')
    for (const page of ['addresses', 'white-space']) {
      await desk.go(`/sales/${page}`)
      await desk.picture(`management-${page}`)
    }
    await desk.leave()
    const phone = await visit(at.browser, at.hub, 'management', { size: PHONE })
    await phone.go('/sales/map')
    await phone.picture('management-map-phone')
    await phone.leave()
    const screen = await visit(at.browser, at.hub, 'management', { size: SCREEN })
    await screen.go('/screen')
    await screen.picture('management-screen')
    await screen.leave()
  })

  test('a manager of one province sees that province only', async () => {
    const { page, go, picture, leave } = await visit(at.browser, at.hub, 'regional')
    await go('/sales/map')
    await page.locator('main tbody tr').first().waitFor()
    await picture('regional-map')
    const crumbs = page.locator('.crumbs')
    await crumbs.getByText('山西省').waitFor()
    assert.equal(await crumbs.getByRole('button').count(), 0, 'there is a way out of the province')
    await page.waitForURL((url) => url.searchParams.get('region') === '140000')
    await go('/sales/map?region=430100')
    await crumbs.getByText('山西省').waitFor()
    await go('/sales/map?region=140100')
    await crumbs.getByText('太原市').waitFor()
    assert.deepEqual(await crumbs.getByRole('button').allInnerTexts(), ['山西省'])
    const answer = await page.request.get(`${at.hub.address}/api/v1/reports/regional-sales?grain=total&level=province&limit=100`)
    const { rows } = await answer.json()
    assert.ok(rows.length > 0)
    assert.ok(rows.every(({ region_code: code }) => code === '140000'), JSON.stringify(rows))
    await leave()
  })
}
