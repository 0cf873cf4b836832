/** The report `diversion-dealers` by dealer: one line each, with its months. */
import { amount, figure, type Cell } from '../figures'

/** A row of the report. */
export interface DealerMonth {
  dealer_code: string
  month: string
  located: Cell
  off_territory: Cell
  rate: Cell
  rate_lower: Cell
  alerts: Cell
  destinations: Cell
}

/** A dealer over all months asked for. A bound holds for one month; over months only counts add up. */
export interface DealerLine {
  dealer: string
  located: number
  offTerritory: number
  alerts: number
  months: Map<string, DealerMonth>
  /** The month whose rate is at least the highest. */
  worst: DealerMonth
}

/** Dealers with alerts first, then by what their worst month is at least. */
export function dealerLines(rows: readonly DealerMonth[]): DealerLine[] {
  const lines = new Map<string, DealerLine>()
  for (const row of rows) {
    const line = lines.get(row.dealer_code) ?? { dealer: row.dealer_code, located: 0, offTerritory: 0, alerts: 0, months: new Map(), worst: row }
    lines.set(row.dealer_code, line)
    line.located += amount(row.located)
    line.offTerritory += amount(row.off_territory)
    line.alerts += amount(row.alerts)
    line.months.set(row.month, row)
    if ((figure(row.rate_lower) ?? 0) > (figure(line.worst.rate_lower) ?? 0)) line.worst = row
  }
  return [...lines.values()].sort((a, b) => b.alerts - a.alerts || amount(b.worst.rate_lower) - amount(a.worst.rate_lower))
}

/** Every month there is, the earliest first. */
export function monthsOf(rows: readonly DealerMonth[]): string[] {
  return [...new Set(rows.map((row) => row.month))].sort()
}
