/** The counts of a run. */
export interface RunCounts { read: number; loaded: number; unchanged: number; rejected: number }

/** How many rows a run read and did not account for; 0 when it balances. */
export function unaccounted(run: RunCounts): number {
  return run.read - run.loaded - run.unchanged - run.rejected
}

/** Shares of what was read, for a bar; they add up to 1 where anything was read. */
export function sharesOf(run: RunCounts): { loaded: number; unchanged: number; rejected: number } {
  const share = (count: number): number => (run.read > 0 ? count / run.read : 0)
  return { loaded: share(run.loaded), unchanged: share(run.unchanged), rejected: share(run.rejected) }
}
