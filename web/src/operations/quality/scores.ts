/** The report `dealer-scorecard` by dealer. */
import { amount, figure, type Cell } from '../figures'

/** A row of the report. */
export interface ScoreRow {
  dealer_code: string
  month: string
  shipped: Cell
  expected: Cell
  received: Cell
  completeness: Cell
  timeliness: Cell
  accuracy: Cell
  score: Cell
}

/** A dealer with its months. */
export interface ScoreLine {
  dealer: string
  months: Map<string, ScoreRow>
  latest: ScoreRow
  expected: number
  received: number
}

/** Dealers, those with the lowest score of their latest month first; a month without a score is none. */
export function scoreLines(rows: readonly ScoreRow[]): ScoreLine[] {
  const lines = new Map<string, ScoreLine>()
  for (const row of rows) {
    const line = lines.get(row.dealer_code) ?? { dealer: row.dealer_code, months: new Map(), latest: row, expected: 0, received: 0 }
    lines.set(row.dealer_code, line)
    line.months.set(row.month, row)
    line.expected += amount(row.expected)
    line.received += amount(row.received)
    const isScored = figure(row.score) !== null
    if (isScored && (row.month > line.latest.month || figure(line.latest.score) === null)) line.latest = row
  }
  const score = (line: ScoreLine) => figure(line.latest.score) ?? 2
  return [...lines.values()].sort((a, b) => score(a) - score(b) || a.dealer.localeCompare(b.dealer))
}
