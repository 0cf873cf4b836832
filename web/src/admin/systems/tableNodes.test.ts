import { parse, type TomlTable } from 'smol-toml'
import { describe, expect, it } from 'vitest'
import { nextNode, nodesOf, problemOfNodes, tableOfNodes, withKind, type TableNode } from './tableNodes'

const read = (text: string): TomlTable => parse(text) as TomlTable
const node = (key: string, kind: TableNode['kind'], value: TableNode['value']): TableNode => ({ key, kind, value })

describe('lines of a free table', () => {
  it('come back as they went in, inner tables and odd keys included', () => {
    const table = read('text = "100"\ncount = 7\nflag = true\nlist = ["a", "b"]\n"lines.line_no" = "F_X"\n[deep.FEntity]\nFUnitID = { FNumber = "Pcs" }\n')
    expect(tableOfNodes(nodesOf(table) ?? [])).toEqual(table)
    expect(nodesOf(read('a = "1"\nb = 1'))?.map(({ kind }) => kind)).toEqual(['text', 'integer'])
  })

  it('are none of what they cannot show', () => {
    for (const text of ['a = 1.5', 'a = 2026-01-01', 'a = [1, 2]', 'a = [{ b = "c" }]', 'a = { b = { c = 0.1 } }']) expect(nodesOf(read(text)), text).toBeUndefined()
  })

  it('leave out what was only begun', () => {
    expect(tableOfNodes([node('', 'text', ''), node(' a ', 'text', 'b'), node('inner', 'table', [node('', 'text', '')])])).toEqual({ a: 'b', inner: {} })
  })

  it('are wrong without a key, with a key twice, without their number', () => {
    expect(problemOfNodes([node('', 'text', 'b')])).toEqual({ key: 'admin.form.lineWithoutKey', at: '' })
    expect(problemOfNodes([node('d', 'table', [node('a', 'text', ''), node('a ', 'text', '')])])).toEqual({ key: 'admin.form.keyTwice', at: 'd.a' })
    expect(problemOfNodes([node('n', 'integer', undefined)])).toEqual({ key: 'admin.form.lineWithoutNumber', at: 'n' })
    expect(problemOfNodes([node('', 'text', ''), node('', 'text', ''), node('a', 'text', '')])).toBeUndefined()
  })

  it('keep what can be kept when they become something else', () => {
    expect(withKind(node('a', 'text', ' 100 '), 'integer').value).toBe(100)
    expect(withKind(node('a', 'text', 'x'), 'integer').value).toBeUndefined()
    expect(withKind(node('a', 'integer', 7), 'text').value).toBe('7')
    expect(withKind(node('a', 'text', 'x'), 'text_list').value).toEqual(['x'])
    expect(withKind(node('a', 'text', 'x'), 'table').value).toEqual([])
  })

  it('begin like the one before', () => {
    expect(nextNode(undefined)).toEqual(node('', 'text', ''))
    expect(nextNode(node('a', 'table', [node('b', 'text', 'c')]))).toEqual(node('', 'table', []))
  })
})
