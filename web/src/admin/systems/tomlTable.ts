import type { TomlTable, TomlValue } from 'smol-toml'

/** Whether a value is a table, and neither a list nor a time. */
export function isTable(value: unknown): value is TomlTable {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date)
}

/** Whether a value is a table or a list of tables, which have headers of their own. */
export function isTableLike(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 && value.every(isTableLike) : isTable(value)
}

/** A table within a table; undefined if there is none. */
export function tableAt(table: TomlTable, key: string): TomlTable | undefined {
  const inner: TomlValue | undefined = table[key]
  return isTable(inner) ? inner : undefined
}
