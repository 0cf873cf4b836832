/** Where a rate and its Wilson lower bound are drawn. The bound itself is the report's: it depends on the rules. */

/** Marks of one drawing, in fractions of its width. */
export interface RateMarks {
  /** End of the bar: the rate that was seen. */
  rate: number
  /** The lower bound: what the rate is at least, at the confidence of the rules. */
  lower: number
  /** What the whole width stands for. */
  full: number
}

/** Widths that a drawing may stand for: a column is read at one scale, and small rates stay visible. */
const FULL_WIDTHS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1]

/** The least width that holds every rate. */
export function fullWidth(rates: readonly (number | null)[]): number {
  const greatest = Math.max(0, ...rates.map((rate) => rate ?? 0))
  return FULL_WIDTHS.find((width) => width >= greatest) ?? 1
}

/** Where to draw a rate and its bound; `null` without a rate. */
export function rateMarks(rate: number | null, lower: number | null, full: number): RateMarks | null {
  if (rate === null || full <= 0) return null
  const within = (value: number) => Math.min(1, Math.max(0, value / full))
  // A bound above its rate would be a wrong report; the drawing must not hide it behind the bar's end.
  return { rate: within(rate), lower: within(lower ?? 0), full }
}
