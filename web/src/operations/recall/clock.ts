/** The clock of a recall: it runs from the start of the search, and what was reached is noted on it. */

/** Something that was reached. */
export interface Reached {
  what: string
  afterMs: number
}

/** What the answer reached on its way, in the order it was reached. `total` is its end, not a step. */
export function reachedIn(timings: Record<string, number>): Reached[] {
  return Object.entries(timings)
    .filter(([what]) => what !== 'total')
    .map(([what, afterMs]) => ({ what, afterMs }))
    .sort((a, b) => a.afterMs - b.afterMs)
}

/** A time that passed: below a minute with tenths, then as on a clock. */
export function clockText(ms: number): string {
  const seconds = Math.max(0, ms) / 1000
  if (seconds < 60) return `${(Math.floor(seconds * 10) / 10).toFixed(1)} s`
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0')
  const hours = Math.floor(seconds / 3600)
  const rest = `${two((seconds % 3600) / 60)}:${two(seconds % 60)}`
  return hours > 0 ? `${hours}:${rest}` : rest
}
