/** Whole reports for pages that sum, group and draw; long tables ask page by page instead. */
import { PAGE_ROWS_MAX, type ReportPage, type Row } from '@/api/reports'
import { get } from '@/api/request'

/** Words of a question. A filter that is empty here is left out; `missing` asks for rows where the column is empty. */
export interface Question {
  words?: Record<string, string | undefined>
  missing?: readonly string[]
}

/** Rows of a report as a page uses them. */
export interface Rows<T> {
  rows: T[]
  builtAt: string | null
  ruleVersion: string | null
  /** There were more than were asked for. */
  isCut: boolean
}

/** The most rows that a page draws: more cannot be looked at, and would be slow on a phone. */
export const ROWS_MAX = 20_000

/** The address of one page of a report. */
export function reportPath(report: string, question: Question, cursor?: string): string {
  const words = new URLSearchParams()
  for (const [name, value] of Object.entries(question.words ?? {})) if (value) words.set(name, value)
  for (const name of question.missing ?? []) words.set(name, '')
  words.set('limit', String(PAGE_ROWS_MAX))
  if (cursor) words.set('cursor', cursor)
  return `/reports/${report}?${words}`
}

/** Every row of a report, page after page, up to `most`. The columns are the report's contract. */
export async function everyRow<T = Row>(report: string, question: Question = {}, signal?: AbortSignal, most = ROWS_MAX): Promise<Rows<T>> {
  const rows: T[] = []
  let cursor: string | null | undefined
  let first: ReportPage | undefined
  do {
    const page = await get<ReportPage>(reportPath(report, question, cursor ?? undefined), undefined, signal)
    first ??= page
    rows.push(...(page.rows as T[]))
    cursor = page.next_cursor
  } while (cursor && rows.length < most)
  const ruleVersion = (first.rows[0]?.rule_version as string | undefined) ?? first.rule_version
  return { rows: rows.slice(0, most), builtAt: first.built_at, ruleVersion, isCut: !!cursor || rows.length > most }
}
