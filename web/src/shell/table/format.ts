import type { Cell } from '@/api/reports'

/** How a cell is written. */
export type CellKind = 'text' | 'number' | 'percent' | 'date' | 'datetime' | 'boolean'

const COUNT = new Intl.NumberFormat('zh-CN', { maximumFractionDigits: 2 })
const PERCENT = new Intl.NumberFormat('zh-CN', { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 })

const RATES = /(^|_)(rate|rate_lower|timeliness|accuracy|completeness|share|change|score|pct)$/
const CODES = /(_no|_code|^code|^period|^month|_id|_hash|region)$/
const BOOLEANS = /^(is|has)_|^alert$/

/** The kind that name and type of a report's column speak of. */
export function kindOf(name: string, type: string): CellKind {
  if (type.startsWith('bool') || BOOLEANS.test(name)) return 'boolean'
  if (/timestamp|datetime|instant/i.test(type) || /_at$/.test(name)) return 'datetime'
  if (/^date/i.test(type) || /(^|_)(day|date)$/.test(name)) return 'date'
  if (CODES.test(name)) return 'text'
  if (RATES.test(name)) return 'percent'
  if (/^int|decimal|float|double|number|numeric|fraction/i.test(type)) return 'number'
  return 'text'
}

/** A value as a number, for sorting and drawing; never for showing money. */
export function numberOf(value: Cell | undefined): number | null {
  if (value === null || value === undefined || value === '') return null
  const number = Number(value)
  return Number.isFinite(number) ? number : null
}

/** Thousands separated; decimals given as text keep every digit up to two places. */
export function formatNumber(value: Cell | undefined): string {
  if (value === null || value === undefined || value === '') return ''
  // Intl takes a decimal as text exactly, a double would round large sums.
  return typeof value === 'string' ? COUNT.format(value as Intl.StringNumericLiteral) : COUNT.format(Number(value))
}

export function formatPercent(value: Cell | undefined): string {
  const number = numberOf(value)
  return number === null ? '' : PERCENT.format(number)
}

const twoDigits = (value: number) => String(value).padStart(2, '0')

/** `2026-03-01 08:05`, in the time zone of the reader. */
export function formatDatetime(value: Cell | undefined): string {
  if (value === null || value === undefined || value === '') return ''
  const at = new Date(String(value))
  if (Number.isNaN(at.getTime())) return String(value)
  const day = `${at.getFullYear()}-${twoDigits(at.getMonth() + 1)}-${twoDigits(at.getDate())}`
  return `${day} ${twoDigits(at.getHours())}:${twoDigits(at.getMinutes())}`
}

/** A cell as text; `words` are yes and no in the language of the page. */
export function formatCell(value: Cell | undefined, kind: CellKind, words: { yes: string; no: string }): string {
  if (value === null || value === undefined) return ''
  switch (kind) {
    case 'number':
      return formatNumber(value)
    case 'percent':
      return formatPercent(value)
    case 'datetime':
      return formatDatetime(value)
    case 'date':
      return String(value).slice(0, 10)
    case 'boolean':
      return value === true || value === 'true' ? words.yes : words.no
    default:
      return String(value)
  }
}

/** Order of two cells; what is missing goes last whichever way. */
export function compareCells(one: Cell | undefined, other: Cell | undefined, kind: CellKind, isDescending: boolean): number {
  const isMissing = (cell: Cell | undefined) => cell === null || cell === undefined || cell === ''
  if (isMissing(one) || isMissing(other)) return Number(isMissing(one)) - Number(isMissing(other))
  const order =
    kind === 'number' || kind === 'percent'
      ? Number(one) - Number(other)
      : String(one).localeCompare(String(other), 'zh-CN')
  return isDescending ? -order : order
}
