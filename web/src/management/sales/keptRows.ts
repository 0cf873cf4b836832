import { type Row, wholeReport } from '@/api/reports'
import { type Query, queryText } from '@/api/request'

/** Answers kept: looking into a place and back asks nothing again. */
const KEPT_MAX = 24

const kept = new Map<string, Promise<Row[]>>()

function keep(key: string, rows: Promise<Row[]>): Promise<Row[]> {
  // A question that failed is asked again next time.
  rows.catch(() => kept.delete(key))
  kept.delete(key)
  kept.set(key, rows)
  const [oldest] = kept.keys()
  if (kept.size > KEPT_MAX && oldest !== undefined) kept.delete(oldest)
  return rows
}

/** The rows of a report for the whole country, asked for once. */
export function rowsOf(report: string, query: Query): Promise<Row[]> {
  const key = report + queryText(query)
  return kept.get(key) ?? keep(key, wholeReport(report, query).then(({ rows }) => rows))
}

/** Keeps rows that are known from another answer, so that nobody asks for them. */
export function keepRows(report: string, query: Query, rows: Row[]): void {
  void keep(report + queryText(query), Promise.resolve(rows))
}

/** Forgets every answer, so that the next question is asked of the hub. */
export const forgetRows = (): void => kept.clear()
