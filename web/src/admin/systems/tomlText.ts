import { stringify, type TomlValue } from 'smol-toml'
import { isTable, isTableLike } from './tomlTable'

/** Tables have headers to this depth, `[write.defaults.delivery_result]`; those that are deeper stand in a line. */
export const HEADER_DEPTH = 3

/** An entry as it stands in a file, in one line. */
export const entryText = (key: string, value: TomlValue): string => `${keyText(key)} = ${inlineText(value)}`

/** A table, or a list of tables, under headers of its own, as people write them. */
export function sectionLines(path: readonly string[], value: TomlValue): string[] {
  if (Array.isArray(value)) return value.flatMap((item, at) => [...(at > 0 ? [''] : []), ...tableLines(path, item, `[[${dotted(path)}]]`)])
  return tableLines(path, value)
}

function tableLines(path: readonly string[], table: TomlValue, listHeader?: string): string[] {
  const entries = isTable(table) ? Object.entries(table) : []
  const hasHeader = ([, value]: [string, TomlValue]): boolean => path.length < HEADER_DEPTH && isTableLike(value)
  const inner = entries.filter(hasHeader)
  const own = entries.filter((entry) => !hasHeader(entry)).map(([key, value]) => entryText(key, value))
  // A table of tables only is told by their headers.
  const isTold = listHeader !== undefined || own.length > 0 || inner.length === 0
  const groups = [...(isTold ? [[listHeader ?? `[${dotted(path)}]`, ...own]] : []), ...inner.map(([key, value]) => sectionLines([...path, key], value))]
  return groups.flatMap((lines, at) => (at > 0 ? ['', ...lines] : lines))
}

function inlineText(value: TomlValue): string {
  if (Array.isArray(value)) return value.length > 0 ? `[ ${value.map(inlineText).join(', ')} ]` : '[]'
  if (!isTable(value)) return stringify({ v: value }).trim().slice('v = '.length)
  const entries = Object.entries(value).map(([key, inner]) => entryText(key, inner))
  return entries.length > 0 ? `{ ${entries.join(', ')} }` : '{}'
}

const keyText = (key: string): string => (/^[A-Za-z0-9_-]+$/.test(key) ? key : JSON.stringify(key))

const dotted = (path: readonly string[]): string => path.map(keyText).join('.')
