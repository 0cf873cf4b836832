import type { Cell } from '@/api/reports'
import { formatPercent, numberOf } from '@/shell/table/format'

/** A change as text, with its sign; a dash where nothing is known of earlier. */
export function formatChange(value: Cell): string {
  const number = numberOf(value)
  if (number === null) return '—'
  return `${number > 0 ? '+' : ''}${formatPercent(number)}`
}
