// @vitest-environment node
import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import english from '@/locales/en/fields.json'
import chinese from '@/locales/zh-CN/fields.json'
import { declaredFields, type DeclaredField } from './declaredFields'
import type { FieldSpec } from './fieldSpec'
import { fieldTitle } from './fieldTitle'
import { syncFields } from './syncFields'

const ROOT = new URL('../../../../', import.meta.url)
const read = (path: string) => readFileSync(new URL(path, ROOT), 'utf8')

/** The contract says what a field is and the acceptance suite checks made-up ones: neither is a system. */
const connectors = readdirSync(new URL('connectors/', ROOT)).filter((name) => name !== 'contract' && name !== 'acceptance')
const declared: DeclaredField[] = connectors.flatMap((connector) => {
  const folder = `connectors/${connector}/src/`
  const files = readdirSync(new URL(folder, ROOT), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.rs'))
  return files.flatMap((file) => declaredFields(read(folder + file), folder + file))
})
/** The section `[sync]` is the hub's own. */
const ofSync = declaredFields(/fn sync_spec\(\)[\s\S]*?\n\}\n/.exec(read('server/src/config/systems.rs'))?.[0] ?? '', 'server/src/config/systems.rs')

test('the sources are read', () => {
  const names = declared.map(({ name }) => name)
  for (const known of ['acct_id', 'key_field', 'tenant_id', 'databases', 'stream', 'file', 'encoding', 'groupcode', 'zero_dates']) expect(names).toContain(known)
  expect(ofSync.map(({ name }) => name).sort()).toEqual(syncFields.map(({ name }) => name).sort())
})

for (const [language, { title }] of Object.entries({ Chinese: chinese, English: english })) {
  test(`every field that a connector declares has a title in ${language}`, () => {
    const titles: Record<string, string> = title
    expect([...declared, ...ofSync].filter(({ name }) => !titles[name]?.trim() || titles[name] === name)).toEqual([])
  })

  test(`no title is left of a field that is gone, in ${language}`, () => {
    const names = new Set([...declared, ...ofSync].map(({ name }) => name))
    expect(Object.keys(title).filter((name) => !names.has(name))).toEqual([])
  })
}

test('a title of one kind is that of a kind and a field that there are', () => {
  const kinds = connectors.map((connector) => read(`connectors/${connector}/src/lib.rs`)).join()
    + read('connectors/yonyou-eai/src/eai/mod.rs') + read('connectors/yonyou-eai/src/nc/mod.rs')
  const names = new Set(declared.map(({ name }) => name))
  for (const [kind, titles] of Object.entries(chinese.titleOf)) {
    expect(kinds).toContain(`"${kind}"`)
    for (const name of Object.keys(titles)) expect([...names]).toContain(name)
  }
})

test('every way of declaring a field is read, and one that is not is told', () => {
  const names = (source: string) => declaredFields(source, 'x.rs').map(({ name }) => name)
  expect(names('let required = |name, kind, help| FieldSpec { name, kind, required: true, default: None, help };\n  required(\n "a_b", Text, "x"), required("c", Text, "x")')).toEqual(['a_b', 'c'])
  expect(names('fn field(name: &\'static str, kind: FieldKind) -> FieldSpec {\n FieldSpec { name, kind } }\n field("a", Text)')).toEqual(['a'])
  expect(names('pub fn fields() -> Vec<FieldSpec> { vec![FieldSpec {\n name: "a",\n kind: Text }] }')).toEqual(['a'])
  expect(names('// FieldSpec { name: OTHER }\nuse contract::FieldSpec;')).toEqual([])
  expect(() => names('let field = |name| FieldSpec { name }; field(NAME)')).toThrow('field(NAME)')
  expect(() => names('vec![FieldSpec { name: NAME, kind }]')).toThrow('cannot tell')
  expect(() => names('vec![FieldSpec::text("a")]')).toThrow('does not read')
})

test('the title of a kind goes before that of the name, the key comes last', () => {
  const field = { name: 'user', title: 'user', title_zh: 'user' } as FieldSpec
  const say = (texts: Record<string, string>) => (key: string) => texts[key]
  const texts = { 'fields.title.user': '用户名', 'fields.titleOf.kingdee_galaxy.user': '集成用户' }
  expect(fieldTitle(field, 'kingdee_galaxy', 'zh-CN', say(texts))).toBe('集成用户')
  expect(fieldTitle(field, 'mysql', 'zh-CN', say(texts))).toBe('用户名')
  expect(fieldTitle(field, undefined, 'zh-CN', say({}))).toBe('user')
  expect(fieldTitle({ ...field, title_zh: '登录名' }, undefined, 'zh-CN', say({}))).toBe('登录名')
})
