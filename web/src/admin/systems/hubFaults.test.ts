import { expect, test } from 'vitest'
import { faultsOf } from './hubFaults'

const PATH = 'systems/erp.toml'
const problem = (key: string | null, message: string, path = PATH) => ({ path, key, message, message_zh: `${message}（中）`, line: null })
const fields = ['key_field', 'audit', 'defaults', 'base_url'].map((name) => ({ name }))

test('what the hub finds wrong is told at its field, and what is deeper is named', () => {
  const problems = [
    problem('[write] key_field', 'is required'), problem('[write] defaults.delivery_result.FX', 'is wrong'), problem('[write] defaults.nothing', 'is no document'),
    problem('base_url', 'is empty'), problem('[write] key_field', 'elsewhere', 'systems/other.toml'), problem(null, 'cannot be read'),
  ]
  const told = faultsOf(problems, PATH, 'write', fields, 'en')
  expect([...told.byField]).toEqual([['key_field', 'is required'], ['defaults', 'delivery_result.FX: is wrong\nnothing: is no document']])
  expect(told.whole).toBe('')
  expect([...faultsOf(problems, PATH, '', fields, 'zh-CN').byField]).toEqual([['base_url', 'is empty（中）']])
})

test('what no field shows is told of the section', () => {
  const problems = [problem('[write]', 'needs a section'), problem('[write] old.key', 'unknown key'), problem('[sync] old', 'unknown key')]
  expect(faultsOf(problems, PATH, 'write', fields, 'en')).toEqual({ byField: new Map(), whole: 'needs a section\nold.key: unknown key' })
})
