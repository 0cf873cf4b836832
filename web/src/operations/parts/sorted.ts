import type { Cell } from '@/api/reports'
import { compareCells, type CellKind } from '@/shell/table/format'

/** Rows in the order a `DataTable` asks for (`name`, `-name`); without a wish, or for a column there is not, as they are. */
export function sorted<T extends object>(rows: readonly T[], sort: string, columns: readonly { name: string; kind: CellKind }[]): T[] {
  const isDescending = sort.startsWith('-')
  const name = isDescending ? sort.slice(1) : sort
  const column = columns.find((one) => one.name === name)
  if (!column) return [...rows]
  const cell = (row: T) => (row as Record<string, Cell>)[name]
  return [...rows].sort((a, b) => compareCells(cell(a), cell(b), column.kind, isDescending))
}
