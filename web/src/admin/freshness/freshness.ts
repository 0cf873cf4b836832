/** How old a report is. */
export interface Freshness {
  report: string
  built_at: string | null
  data_until: string | null
  bound_s: number | null
  is_late: boolean
  why: string | null
  why_zh: string | null
}

/** Late ones first, then by name. */
export function lateFirst(lines: readonly Freshness[]): Freshness[] {
  return [...lines].sort((a, b) => Number(b.is_late) - Number(a.is_late) || a.report.localeCompare(b.report))
}
