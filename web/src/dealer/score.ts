/** A month of `dealer-scorecard`. */
export interface ScoreMonth {
  dealer_code: string
  month: string
  shipped: number | string | null
  expected: number | string | null
  received: number | string | null
  completeness: number | string | null
  events: number | string | null
  timeliness: number | string | null
  accuracy: number | string | null
  score: number | string | null
}

/** The months of one dealer, newest first. */
export interface DealerMonths { dealer_code: string; months: ScoreMonth[] }

/** A rate as a number between 0 and 1; none where nothing was expected. */
export function rate(value: number | string | null | undefined): number | null {
  if (value === null || value === undefined || value === '') return null
  const number = Number(value)
  return Number.isFinite(number) ? Math.min(1, Math.max(0, number)) : null
}

/** What pulled a score down most: the smallest of its three parts; none where all are whole or unknown. */
export function weakest(month: ScoreMonth): 'completeness' | 'timeliness' | 'accuracy' | null {
  const parts = (['completeness', 'timeliness', 'accuracy'] as const)
    .map((name) => ({ name, value: rate(month[name]) }))
    .filter((part): part is { name: typeof part.name; value: number } => part.value !== null && part.value < 1)
    .sort((a, b) => a.value - b.value)
  return parts[0]?.name ?? null
}

/** Rows by dealer: a dealer sees those below it too, its own first. */
export function byDealer(rows: readonly ScoreMonth[], own: string | null): DealerMonths[] {
  const groups = new Map<string, ScoreMonth[]>()
  for (const row of rows) groups.set(row.dealer_code, [...(groups.get(row.dealer_code) ?? []), row])
  return [...groups].map(([dealer_code, months]) => ({ dealer_code, months: months.sort((a, b) => b.month.localeCompare(a.month)) }))
    .sort((a, b) => Number(b.dealer_code === own) - Number(a.dealer_code === own) || a.dealer_code.localeCompare(b.dealer_code))
}
