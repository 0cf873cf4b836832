import type { TomlTable, TomlValue } from 'smol-toml'
import { isTable } from './tomlTable'

/** What a line of a free table may hold. */
export const nodeKinds = ['text', 'integer', 'boolean', 'text_list', 'table'] as const

/** What a line of a free table holds. */
export type NodeKind = typeof nodeKinds[number]

/** A line of a free table: its key and what its control holds, the lines of an inner table included. */
export interface TableNode { key: string; kind: NodeKind; value: NodeValue }

/** What the control of a line holds; undefined: a number that is not given. */
export type NodeValue = string | number | boolean | string[] | TableNode[] | undefined

/** Why lines cannot be kept as they stand, and in which inner table that is. */
export interface NodeProblem { key: 'admin.form.lineWithoutKey' | 'admin.form.keyTwice' | 'admin.form.lineWithoutNumber'; at: string }

/** The lines of a table; undefined: it holds something that lines cannot show, such as fractions, times or lists of tables. */
export function nodesOf(table: TomlTable): TableNode[] | undefined {
  const nodes = Object.entries(table).map(([key, value]) => nodeOf(key, value))
  return nodes.every((node) => node !== undefined) ? nodes : undefined
}

/** What the file would say for the lines; those that are empty are left out. */
export function tableOfNodes(nodes: readonly TableNode[]): TomlTable {
  return Object.fromEntries(nodes.filter((node) => node.key.trim() !== '').map((node) => [node.key.trim(), valueOf(node)]))
}

/** What is wrong with lines, the first of it. */
export function problemOfNodes(nodes: readonly TableNode[], path: readonly string[] = []): NodeProblem | undefined {
  const seen = new Set<string>()
  for (const node of nodes) {
    const key = node.key.trim()
    const at = [...path, key].filter(Boolean).join('.')
    if (!key && !isEmpty(node)) return { key: 'admin.form.lineWithoutKey', at }
    if (key && seen.has(key)) return { key: 'admin.form.keyTwice', at }
    if (key && node.kind === 'integer' && !Number.isInteger(node.value)) return { key: 'admin.form.lineWithoutNumber', at }
    seen.add(key)
    const inner = node.kind === 'table' ? problemOfNodes(innerOf(node), [...path, key]) : undefined
    if (inner) return inner
  }
  return undefined
}

/** A line that begins, of the same sort as the one before it: lines of a table are mostly alike. */
export const nextNode = (before: TableNode | undefined): TableNode => withKind({ key: '', kind: 'text', value: '' }, before?.kind ?? 'text')

/** A line that holds something else; what can be kept of its value is. */
export function withKind(node: TableNode, kind: NodeKind): TableNode {
  const text = ['string', 'number'].includes(typeof node.value) ? String(node.value).trim() : ''
  switch (kind) {
    case 'text': return { ...node, kind, value: text }
    case 'integer': return { ...node, kind, value: /^-?\d{1,15}$/.test(text) ? Number(text) : undefined }
    case 'boolean': return { ...node, kind, value: node.value === true || text === 'true' }
    case 'text_list': return { ...node, kind, value: text ? [text] : [] }
    case 'table': return { ...node, kind, value: [] }
  }
}

/** The lines of an inner table. */
export const innerOf = (node: TableNode): TableNode[] => (node.kind === 'table' && Array.isArray(node.value) ? (node.value as TableNode[]) : [])

function nodeOf(key: string, value: TomlValue): TableNode | undefined {
  if (typeof value === 'string') return { key, kind: 'text', value }
  if (typeof value === 'boolean') return { key, kind: 'boolean', value }
  if (Number.isSafeInteger(value)) return { key, kind: 'integer', value: Number(value) }
  if (Array.isArray(value)) return value.every((item) => typeof item === 'string') ? { key, kind: 'text_list', value } : undefined
  const inner = isTable(value) ? nodesOf(value) : undefined
  return inner && { key, kind: 'table', value: inner }
}

function valueOf(node: TableNode): TomlValue {
  if (node.kind === 'table') return tableOfNodes(innerOf(node))
  return (node.value ?? 0) as TomlValue
}

const isEmpty = (node: TableNode): boolean =>
  node.value === undefined || node.value === '' || node.value === false || (Array.isArray(node.value) && node.value.length === 0)
