// Times by what they are of, and what is said of them.

/** The smallest of the values that so many of a hundred do not exceed. */
export function percentile(values, percent) {
  const sorted = [...values].sort((one, other) => one - other)
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)]
}

/** Figures in the order in which they are named; `limits` are what p95 stays below, in milliseconds. */
export function figures(limits) {
  const times = new Map()
  const note = (name, ms) => times.set(name, [...(times.get(name) ?? []), ms])
  const lines = () => [...times].map(([name, values]) => {
    const [p50, p95, max] = [50, 95, 100].map((percent) => Math.round(percentile(values, percent)))
    const limit = limits[name] ?? null
    return { name, count: values.length, p50, p95, max, limit, is_met: limit === null ? null : p95 < limit }
  })
  return { note, lines }
}

/** The limited figures that are not met, or were never taken. */
export const missed = (lines, limits) =>
  Object.keys(limits).filter((name) => !lines.some((line) => line.name === name && line.is_met))

/** A small table for a terminal. */
export function table(lines) {
  const head = ['ms', 'n', 'p50', 'p95', 'max', 'p95 below']
  const rows = lines.map(({ name, count, p50, p95, max, limit, is_met }) =>
    [name, count, p50, p95, max, limit === null ? '' : `${limit} ${is_met ? 'met' : 'MISSED'}`].map(String))
  const widths = head.map((title, at) => Math.max(title.length, ...rows.map((row) => row[at].length)))
  const line = (cells) => cells.map((cell, at) => (at === 0 || at === 5 ? cell.padEnd(widths[at]) : cell.padStart(widths[at]))).join('  ').trimEnd()
  return [line(head), ...rows.map(line)].join('\n')
}
