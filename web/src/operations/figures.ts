/** Reading figures of the API: decimals arrive as text so that nothing is lost on the way. */

/** What a cell of a report may hold. */
export type Cell = string | number | boolean | null | undefined

/** A report's cell as a number; `null` where there is none. */
export function figure(cell: Cell): number | null {
  if (cell === null || cell === undefined || cell === '' || typeof cell === 'boolean') return null
  const value = Number(cell)
  return Number.isFinite(value) ? value : null
}

/** A report's cell as a number to add up; a missing one adds nothing. */
export function amount(cell: Cell): number {
  return figure(cell) ?? 0
}

/** The share of a part in a whole; `null` where there is no whole. */
export function share(part: number, whole: number): number | null {
  return whole > 0 ? part / whole : null
}

/** A share as a percentage with one digit; more digits below one per cent, where they decide. */
export function percent(value: number | null): string {
  if (value === null) return '–'
  const hundred = value * 100
  const digits = hundred !== 0 && Math.abs(hundred) < 1 ? 2 : 1
  return `${hundred.toFixed(digits)}%`
}
