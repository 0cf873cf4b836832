// The admin configures systems and watches jobs.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PHONE, visit } from './visitor.mjs'

export function admin(at) {
  test('a system is checked, its streams discovered, and rows seen before they land', async () => {
    const { page, go, picture, leave } = await visit(at.browser, at.hub, 'admin')
    await go('/admin')
    await picture('admin-overview')
    await go('/admin/systems')
    await picture('admin-systems')
    await go('/admin/systems/erp_main')
    const label = page.locator('label').filter({ hasText: 'acct_id' })
    assert.equal(await label.locator('code').innerText(), 'acct_id')
    assert.match(await label.innerText(), /^数据中心 ID/)
    await picture('admin-system-settings')
    await go('/admin/systems/erp_main?tab=check')
    await page.getByRole('button', { name: '开始检查' }).click()
    await page.locator('.answer').waitFor()
    await picture('admin-check')
    await go('/admin/systems/erp_main?tab=streams')
    await page.locator('.title button').first().waitFor()
    await picture('admin-streams')
    await go('/admin/systems/erp_main?tab=preview')
    await page.locator('.sides').waitFor()
    await picture('admin-preview')
    await go('/admin/systems/new')
    await picture('admin-system-new')
    await leave()
  })

  test('a sync is started and watched while it runs, and stands in the ledger', async () => {
    const { page, go, picture, leave } = await visit(at.browser, at.hub, 'admin')
    await go('/admin/runs')
    await page.locator('.head .actions button').click()
    await page.locator('.el-dialog:visible .el-select').click()
    await page.locator('.el-select-dropdown__item:visible').filter({ hasText: 'erp_main' }).click()
    await page.locator('.el-dialog:visible .el-button--primary').click()
    await page.locator('.el-dialog').waitFor({ state: 'hidden' })
    await page.locator('tbody tr').filter({ hasText: 'erp_main' }).first().waitFor()
    await picture('admin-runs')
    await leave()
  })

  test('a job is paused and goes on', async () => {
    const { page, go, picture, message, until, leave } = await visit(at.browser, at.hub, 'admin')
    await go('/admin/jobs')
    const job = page.locator('tbody tr').filter({ hasText: 'backup' }).first()
    const buttons = job.getByRole('button')
    await buttons.nth(2).click()
    await message(/./)
    await picture('admin-job-paused')
    await buttons.nth(2).click()
    await buttons.nth(1).click()
    await until(async () => {
      const answer = await fetch('/api/v1/jobs/backup/runs')
      const { items } = await answer.json()
      return items.some(({ outcome }) => outcome === 'green')
    })
    await go('/admin/jobs')
    await picture('admin-jobs')
    await leave()
  })

  test('an account is made and disabled, a token shown once and revoked', async () => {
    // A token that is not revoked yet is told that a body without a type is not read.
    const expected = [/(401|415) POST .*\/events$/]
    const { page, go, picture, until, leave } = await visit(at.browser, at.hub, 'admin', { expected })
    await go('/admin/accounts')
    await page.locator('.head .actions button').click()
    await page.fill('#account-login', 'web.test')
    await page.fill('#account-name', '王试')
    await picture('admin-account-new')
    await page.locator('.el-dialog:visible .el-button--primary').last().click()
    const row = page.locator('tbody tr').filter({ hasText: 'web.test' })
    await row.waitFor()
    await row.getByRole('button').last().click()
    await page.locator('.el-message-box__btns .el-button--primary').click()
    await until(async () => {
      const { items } = await (await fetch('/api/v1/accounts')).json()
      return items.some(({ login, is_disabled, status }) => login === 'web.test' && (is_disabled || status === 'disabled'))
    })
    await picture('admin-accounts')
    await go('/admin/tokens')
    await page.locator('.head .actions button').click()
    await page.fill('#token-name', 'line-3')
    await page.locator('.el-dialog:visible .el-button--primary').click()
    const secret = page.locator('.secret')
    await secret.waitFor()
    const token = (await secret.innerText()).match(/\S{30,}/)[0]
    const asked = await fetch(`${at.hub.address}/api/v1/ledger`, { headers: { authorization: `Bearer ${token}` } })
    assert.equal(asked.status, 403, 'a device may not read the state of the ledger')
    await picture('admin-token')
    await page.locator('.el-dialog:visible .el-button--primary').last().click()
    await page.locator('tbody tr').filter({ hasText: 'line-3' }).first().getByRole('button').last().click()
    await page.locator('.el-message-box__btns .el-button--primary').click()
    await until(async (bearer) => {
      const answer = await fetch('/api/v1/events', { method: 'POST', body: '[]', headers: { authorization: `Bearer ${bearer}` } })
      return answer.status === 401
    }, token)
    await leave()
  })

  test('a change of the rules is planned, then applied, and what was done is in the log', async () => {
    const { page, go, picture, until, leave } = await visit(at.browser, at.hub, 'admin')
    await go('/admin/configuration?file=rules.toml')
    const text = page.locator('textarea')
    await text.waitFor()
    await text.fill(`${await text.inputValue()}\n# a note\n`)
    const planned = page.waitForResponse((answer) => answer.url().endsWith('/configuration/plan'))
    await page.locator('.head .actions button').first().click()
    assert.equal((await planned).status(), 200)
    await picture('admin-plan')
    await page.locator('.el-drawer:visible').getByRole('button', { name: '应用' }).click()
    // The hub opens itself anew under the files that are there now, and answers at the same address.
    await until(async () => {
      try {
        const { items } = await (await fetch('/api/v1/configuration/history')).json()
        return items.length === 1 && (await fetch('/readyz')).ok
      } catch {
        return false
      }
    })
    for (const path of ['audit', 'rejects', 'drift', 'freshness']) {
      await go(`/admin/${path}`)
      await picture(`admin-${path}`)
    }
    await leave()
  })

  test('documents are written back by a section that is filled in by form', async () => {
    const { page, go, picture, until, leave } = await visit(at.browser, at.hub, 'admin')
    const button = (name) => page.getByRole('button', { name, exact: true })
    const plan = async () => {
      const planned = page.waitForResponse((answer) => answer.url().endsWith('/configuration/plan'))
      await button('生成变更计划').click()
      return (await planned).json()
    }
    const text = () => page.evaluate(async () => {
      const { files } = await (await fetch('/api/v1/configuration')).json()
      return files.find(({ path }) => path === 'systems/erp_main.toml').text
    })
    await go('/admin/systems/erp_main')
    const before = await text()
    assert.doesNotMatch(before, /\[write/)
    await page.locator('#write-on').press('Space')
    await page.fill('#write-key_field', 'no key')
    await page.locator('#write-audit').press('Space')

    const wrong = await plan()
    assert.deepEqual(wrong.problems.map(({ key }) => key).sort(), ['[write] audit', '[write] key_field'])
    await picture('admin-write-refused')
    await page.locator('.el-drawer:visible').getByRole('button', { name: '取消' }).click()
    const fault = (id) => page.locator('.el-form-item', { has: page.locator(id) }).locator('.el-form-item__error')
    assert.match(await fault('#write-key_field').innerText(), /应为字段标识/)
    assert.match(await fault('#write-audit').innerText(), /需要同时设置 submit = true/)
    await page.fill('#write-key_field', 'F_YL_Key')
    await fault('#write-key_field').waitFor({ state: 'detached' })
    await page.locator('#write-submit').press('Space')
    await fault('#write-audit').waitFor({ state: 'detached' })

    /** Adds a line to a table of the form; what it holds is chosen where it is another than that of the line before. */
    const line = async (table, key, kind) => {
      await button(`${table}：增加一行`).press('Enter')
      await page.keyboard.type(key)
      if (!kind) return
      await page.locator('.line').filter({ has: page.locator(`[aria-label="${table} › ${key}：键"]`) }).locator('.kind').click()
      await page.locator('.el-select-dropdown__item:visible').filter({ hasText: kind }).click()
    }
    await line('固定字段', 'delivery_result', '内层表')
    await line('固定字段 › delivery_result', 'FStockOrgId', '内层表')
    await line('固定字段 › delivery_result › FStockOrgId', 'FNumber')
    await page.getByLabel('固定字段 › delivery_result › FStockOrgId › FNumber：值').fill('100')
    await line('其余字段对照', 'inspection_result', '内层表')
    await line('其余字段对照 › inspection_result', 'inspector')
    await page.getByLabel('其余字段对照 › inspection_result › inspector：值').fill('FInspectorId.FNumber')
    await page.locator('#write-on').scrollIntoViewIfNeeded()
    await picture('admin-write')

    const { changes, problems } = await plan()
    assert.deepEqual(problems, [])
    assert.ok(changes.some(({ key, kind }) => kind === 'added' && key === 'write.defaults.delivery_result.FStockOrgId.FNumber'))
    await picture('admin-write-plan')
    await page.locator('.el-drawer:visible').getByRole('button', { name: '应用' }).click()
    await until(async () => {
      try {
        const { items } = await (await fetch('/api/v1/configuration/history')).json()
        return items[0].changes.some(({ key }) => key === 'write.key_field') && (await fetch('/readyz')).ok
      } catch {
        return false
      }
    })
    assert.equal(await text(), `${before}
[write]
key_field = "F_YL_Key"
submit = true
audit = true

[write.fields.inspection_result]
inspector = "FInspectorId.FNumber"

[write.defaults.delivery_result]
FStockOrgId = { FNumber = "100" }
`)

    await page.setViewportSize(PHONE)
    await go('/admin/systems/erp_main')
    await page.locator('#write-key_field').scrollIntoViewIfNeeded()
    assert.equal(await page.inputValue('#write-key_field'), 'F_YL_Key')
    await picture('admin-write-phone')
    await page.locator('.nodes.inner').last().scrollIntoViewIfNeeded()
    await picture('admin-write-tables-phone')
    await leave()
  })
}
