import { describe, expect, it } from 'vitest'
import { defaultOf, descriptionOf, type FieldSpec, type FieldType } from './fieldSpec'
import { otherEditor, problemOf, toForm, toToml } from './fieldValue'

const field = (type: FieldType, more: Partial<FieldSpec> = {}): FieldSpec =>
  ({ name: 'f', type, title: 'F', title_zh: '字段', description: 'Help', description_zh: '说明', required: false,
    secret: type === 'secret', default: null, choices: [], min: null, max: null, ...more })

describe('a form from a spec', () => {
  it('shows the default where the file says nothing', () => {
    expect(toForm(field('choice', { default: 'login_by_sign' }), undefined)).toBe('login_by_sign')
    expect(toForm(field('integer', { default: 2052 }), undefined)).toBe(2052)
    expect(toForm(field('boolean', { default: false }), true)).toBe(true)
    expect(toForm(field('text_list', { default: [] }), undefined)).toEqual([])
  })

  it('takes defaults in the words of a file', () => {
    expect(['"sha256"', '2052', 'false', '["a"]', 'sha256', 7, null].map(defaultOf)).toEqual(['sha256', 2052, false, ['a'], 'sha256', 7, null])
  })

  it('comes back as it went in', () => {
    const values = {
      text_list: ['a', 'b'], text_list_table: { product: ['F_A'], dealer: ['F_B', 'F_C'] },
      integer_table: { sell: 60 }, table: { FBillTypeID: { FNUMBER: 'X' } }, table_list: [{ name: 'a' }, { name: 'b' }],
      text: 'x', integer: 5, boolean: true,
    }
    for (const [type, value] of Object.entries(values)) {
      const spec = field(type as FieldType)
      expect(toToml(spec, toForm(spec, value)), type).toEqual(value)
    }
  })

  it('leaves out what is empty', () => {
    for (const type of ['text', 'url', 'text_list', 'text_list_table', 'table', 'integer'] as FieldType[]) {
      expect(toToml(field(type), toForm(field(type), undefined)), type).toBeUndefined()
    }
  })

  it('shows a free table as lines, and as text what lines cannot show', () => {
    expect(toForm(field('table'), { a: { b: 'c' } })).toEqual([{ key: 'a', kind: 'table', value: [{ key: 'b', kind: 'text', value: 'c' }] }])
    expect(toForm(field('table', { default: {} }), undefined)).toEqual([])
    const share = toForm(field('table'), { share: 0.5 })
    expect(share).toBe('share = 0.5')
    expect(toToml(field('table'), share)).toEqual({ share: 0.5 })
    expect(otherEditor(share)).toBeUndefined()
    expect(otherEditor('a = ')).toBeUndefined()
    expect(otherEditor(otherEditor('a = "b"'))).toBe('a = "b"')
    expect(problemOf(field('table'), [{ key: '', kind: 'text', value: 'x' }])?.key).toBe('admin.form.lineWithoutKey')
    expect(problemOf(field('table', { required: true }), [])?.key).toBe('admin.form.required')
  })

  it('takes no secret in clear', () => {
    expect(problemOf(field('secret'), 'hunter2')?.key).toBe('admin.form.secretInClear')
    expect(problemOf(field('secret'), 'env:')?.key).toBe('admin.form.secretInClear')
    expect(problemOf(field('secret'), 'env:KINGDEE_APP_SECRET')).toBeUndefined()
  })

  it('tells what is wrong with each kind', () => {
    expect(problemOf(field('text', { required: true }), ' ')?.key).toBe('admin.form.required')
    expect(problemOf(field('url'), 'erp.example.com')?.key).toBe('admin.form.notUrl')
    expect(problemOf(field('integer', { min: 1, max: 600 }), 601)).toEqual({ key: 'admin.form.outOfBounds', args: { min: 1, max: 600 } })
    expect(problemOf(field('integer'), 1.5)?.key).toBe('admin.form.notInteger')
    expect(problemOf(field('time_zone'), 'Asia/Peking')?.key).toBe('admin.form.notTimeZone')
    expect(problemOf(field('time_zone'), 'Asia/Shanghai')).toBeUndefined()
    expect(problemOf(field('table'), 'a = ')?.key).toBe('admin.form.notToml')
  })

  it('shows the half of the help that its reader understands', () => {
    expect([descriptionOf(field('text'), 'zh-CN'), descriptionOf(field('text'), 'en')]).toEqual(['说明', 'Help'])
    expect(descriptionOf(field('text', { description: '' }), 'en')).toBe('说明')
  })
})
