import type { TomlTable } from 'smol-toml'
import { nextTick, shallowRef } from 'vue'
import { expect, test } from 'vitest'
import { useFieldSection } from './fieldSection'
import type { FieldSpec, FieldType } from './fieldSpec'

const field = (name: string, type: FieldType, more: Partial<FieldSpec> = {}): FieldSpec =>
  ({ name, type, title: name, title_zh: name, description: '', description_zh: '', required: false, secret: false, default: null, choices: [], min: null, max: null, ...more })
const fields = [field('key_field', 'text', { required: true }), field('submit', 'boolean', { default: false }), field('defaults', 'table')]

test('only what is said otherwise than by the file or the default is written', () => {
  const section = useFieldSection(() => fields, () => ({ key_field: 'F_A' }))
  expect(section.changes.value).toEqual({})
  section.set('submit', true)
  section.set('key_field', ' ')
  section.set('defaults', [{ key: 'delivery_result', kind: 'table', value: [{ key: 'FNote', kind: 'text', value: 'x' }] }])
  expect(section.changes.value).toEqual({ submit: true, key_field: undefined, defaults: { delivery_result: { FNote: 'x' } } })
  expect([...section.problems.value.keys()]).toEqual(['key_field'])
})

test('what the hub found wrong is told until it may have been put right', () => {
  const section = useFieldSection(() => fields, () => ({ key_field: 'no key' }))
  section.tell(new Map([['key_field', 'should be a field key'], ['defaults', 'is wrong']]))
  section.set('key_field', 'F_A')
  expect([...section.told.value.keys()]).toEqual(['defaults'])
  section.set('submit', true)
  expect(section.told.value.size).toBe(0)
})

test('a file that was read again is shown as it is', async () => {
  const table = shallowRef<TomlTable>({ key_field: 'F_A' })
  const section = useFieldSection(() => fields, () => table.value)
  section.set('key_field', 'F_B')
  section.tell(new Map([['key_field', 'is wrong']]))
  table.value = { key_field: 'F_C', submit: true }
  await nextTick()
  expect([section.held.key_field, section.held.submit, section.told.value.size]).toEqual(['F_C', true, 0])
})
