import { download } from './download'
import { get, type Query } from './request'

/** A value of a report: decimals come as text so that none is rounded. */
export type Cell = string | number | boolean | null
export type Row = Record<string, Cell>

export interface ReportColumn {
  name: string
  type: string
}

/** One page of a report. */
export interface ReportPage {
  columns: ReportColumn[]
  rows: Row[]
  next_cursor: string | null
  built_at: string | null
  rule_version: string | null
}

/** Rows of a page when nothing else is said, and the most that are asked for at once. */
export const PAGE_ROWS = 100
export const PAGE_ROWS_MAX = 1000

export const reportPage = (name: string, query: Query = {}, signal?: AbortSignal) =>
  get<ReportPage>(`/reports/${name}`, { limit: PAGE_ROWS, ...query }, signal)

/** Every row of a report that is known to be small (at most the counties of China). */
export async function wholeReport(name: string, query: Query = {}, signal?: AbortSignal): Promise<ReportPage> {
  const first = await get<ReportPage>(`/reports/${name}`, { limit: PAGE_ROWS_MAX, ...query }, signal)
  const rows = first.rows
  let cursor = first.next_cursor
  while (cursor) {
    const next = await get<ReportPage>(`/reports/${name}`, { limit: PAGE_ROWS_MAX, ...query, cursor }, signal)
    rows.push(...next.rows)
    cursor = next.next_cursor
  }
  return { ...first, rows, next_cursor: null }
}

/** The same question as a file. */
export const exportReport = (name: string, query: Query, format: 'csv' | 'xlsx') =>
  download(`/reports/${name}`, { ...query, format }, `${name}.${format}`)
