import type { Schemas } from '@/api/client'

/** How old a report is. */
export type Freshness = Schemas['Freshness']

/** Late ones first, then by name. */
export function lateFirst(lines: readonly Freshness[]): Freshness[] {
  return [...lines].sort((a, b) => Number(b.is_late) - Number(a.is_late) || a.report.localeCompare(b.report))
}
