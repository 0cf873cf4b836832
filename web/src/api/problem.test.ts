import { expect, test } from 'vitest'
import { Problem, problemOf } from './problem'

const body = { title: 'There is no such thing', title_zh: '未找到', status: 404, code: 'not_found', detail: 'there is no run 7', detail_zh: '运行记录 7 不存在' }

test('a problem is told in the language of its reader', () => {
  const problem = new Problem(404, body)
  expect(problem.text('zh-CN')).toEqual({ title: '未找到', detail: '运行记录 7 不存在' })
  expect(problem.text('en')).toEqual({ title: 'There is no such thing', detail: 'there is no run 7' })
})

test('a language that an answer lacks is made up for by the other', () => {
  expect(new Problem(409, { title: 'Conflict', detail: 'read it again' }).text('zh-CN')).toEqual({ title: 'Conflict', detail: 'read it again' })
  expect(new Problem(409, { title_zh: '冲突', detail_zh: '请重新查看' }).text('en')).toEqual({ title: '冲突', detail: '请重新查看' })
})

test('an answer is read whatever it is', async () => {
  const document = new Response(JSON.stringify(body), { status: 404, headers: { 'content-type': 'application/problem+json' } })
  expect((await problemOf(document)).text('zh-CN').detail).toBe('运行记录 7 不存在')
  const page = await problemOf(new Response('<h1>Bad Gateway</h1>', { status: 502, headers: { 'content-type': 'text/html' } }))
  expect([page.code, page.text('zh-CN')]).toEqual(['http_502', { title: '', detail: '' }])
})
