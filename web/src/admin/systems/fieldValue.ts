import { parse, stringify, type TomlTable, type TomlValue } from 'smol-toml'
import type { FieldSpec } from './fieldSpec'
import { nodesOf, problemOfNodes, tableOfNodes, type TableNode } from './tableNodes'
import { isTable } from './tomlTable'

/** What a form holds for a field: what its control edits, not yet what the file says. */
export type FormValue = string | number | boolean | string[] | TableRow[] | TableNode[] | undefined

/** A line of a table of lists or of numbers. */
export interface TableRow { key: string; values: string[]; number?: number }

/** Why a field cannot be kept as it stands: a message key and what to fill it with. */
export interface FieldProblem { key: string; args?: Record<string, unknown> }

/** What the form shows for what the file says. */
export function toForm(field: FieldSpec, value: TomlValue | undefined): FormValue {
  const shown = value ?? (field.default as TomlValue | null) ?? undefined
  switch (field.type) {
    case 'boolean': return shown === true
    case 'integer':
    case 'fraction': return shown === undefined ? undefined : Number(shown)
    case 'text_list': return Array.isArray(shown) ? shown.map(String) : []
    case 'text_list_table':
    case 'integer_table': return rowsOf(shown)
    case 'table': return isTable(shown) ? nodesOf(shown) ?? stringify(shown).trim() : []
    case 'table_list': return Array.isArray(shown) ? stringify({ [field.name]: shown }).trim() : ''
    default: return shown === undefined ? '' : String(shown)
  }
}

/** What the file would say for what the form holds; undefined: the key is left out. */
export function toToml(field: FieldSpec, held: FormValue): TomlValue | undefined {
  switch (field.type) {
    case 'boolean': return held === true
    case 'integer':
    case 'fraction': return typeof held === 'number' && Number.isFinite(held) ? held : undefined
    case 'text_list': return isTexts(held) && held.length > 0 ? held : undefined
    case 'text_list_table': return tableOf(held, (row) => row.values)
    case 'integer_table': return tableOf(held, (row) => row.number ?? 0)
    case 'table': return freeTable(held)
    case 'table_list': {
      const table = parsed(held)
      return table ? table[field.name] : undefined
    }
    default: return typeof held === 'string' && held.trim() !== '' ? held.trim() : undefined
  }
}

/** What a free table is in its other editor, lines or text; undefined: the other cannot show it. */
export function otherEditor(held: FormValue): FormValue {
  if (typeof held !== 'string') return stringify(freeTable(held) ?? {}).trim()
  if (held.trim() === '') return []
  const table = parsed(held)
  return table && nodesOf(table)
}

/** What is wrong with a field, told before the hub is asked. The hub has the last word. */
export function problemOf(field: FieldSpec, held: FormValue): FieldProblem | undefined {
  if (field.type === 'table' || field.type === 'table_list') {
    try {
      parse(typeof held === 'string' ? held : '')
    } catch (error) {
      return { key: 'admin.form.notToml', args: { why: String((error as Error).message).split('\n')[0] } }
    }
  }
  if (field.type === 'table' && isNodes(held)) {
    const problem = problemOfNodes(held)
    if (problem) return { key: problem.key, args: { at: problem.at } }
  }
  const value = toToml(field, held)
  if (value === undefined) return field.required ? { key: 'admin.form.required' } : undefined
  switch (field.type) {
    case 'secret':
      return /^(env|file):\S+/.test(String(value)) ? undefined : { key: 'admin.form.secretInClear' }
    case 'url':
      return /^https?:\/\//.test(String(value)) ? undefined : { key: 'admin.form.notUrl' }
    case 'choice':
      return field.choices.length === 0 || field.choices.includes(String(value)) ? undefined
        : { key: 'admin.form.notChoice', args: { choices: field.choices.join(', ') } }
    case 'time_zone':
      return isTimeZone(String(value)) ? undefined : { key: 'admin.form.notTimeZone' }
    case 'integer':
      return Number.isInteger(value) ? bounds(field, Number(value)) : { key: 'admin.form.notInteger' }
    case 'fraction':
      return bounds(field, Number(value))
    default: return undefined
  }
}

function bounds(field: FieldSpec, value: number): FieldProblem | undefined {
  const { min, max } = field
  const isOut = (min != null && value < min) || (max != null && value > max)
  return isOut ? { key: 'admin.form.outOfBounds', args: { min: min ?? '−∞', max: max ?? '∞' } } : undefined
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}

function isNodes(value: FormValue): value is TableNode[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'object' && 'kind' in item)
}

function freeTable(held: FormValue): TomlTable | undefined {
  if (!isNodes(held)) return parsed(held)
  const table = tableOfNodes(held)
  return Object.keys(table).length > 0 ? table : undefined
}

function isTexts(value: FormValue): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}

function rowsOf(value: TomlValue | undefined): TableRow[] {
  if (!isTable(value)) return []
  return Object.entries(value).map(([key, held]) => Array.isArray(held)
    ? { key, values: held.map(String) }
    : { key, values: [], number: Number(held) })
}

function tableOf(held: FormValue, take: (row: TableRow) => TomlValue): TomlTable | undefined {
  const rows = Array.isArray(held) ? (held as TableRow[]).filter((row) => row.key?.trim()) : []
  return rows.length > 0 ? Object.fromEntries(rows.map((row) => [row.key.trim(), take(row)])) : undefined
}

function parsed(held: FormValue): TomlTable | undefined {
  if (typeof held !== 'string' || held.trim() === '') return undefined
  try {
    return parse(held) as TomlTable
  } catch {
    return undefined
  }
}
