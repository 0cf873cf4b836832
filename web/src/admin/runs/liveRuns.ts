import type { Schemas } from '@/api/client'
import type { Run } from './run'

/** What `GET /runs/live` tells of a run that is going on. */
export type Progress = Omit<Extract<Schemas['RunEvent'], { event: 'progress' }>, 'event'>

/** A run on the page: going on, or ended a moment ago. */
export interface LiveRun extends Progress { since: number; seen: number; ended?: Run }

/** Runs by id, in the order they were first heard of. */
export type LiveRuns = ReadonlyMap<string, LiveRun>

/** How long an ended run stays to be seen, in milliseconds. */
const LINGER_MS = 15_000

/** After one more word about a run. */
export function afterProgress(runs: LiveRuns, told: Progress, at: number): LiveRuns {
  const before = runs.get(told.run_id)
  // Messages may overtake each other on a reconnect: an ended run does not start again.
  if (before?.ended) return runs
  return new Map(runs).set(told.run_id, { ...told, since: before?.since ?? at, seen: at })
}

/** After one has ended. */
export function afterEnded(runs: LiveRuns, run: Run, at: number): LiveRuns {
  const before = runs.get(run.run_id)
  if (!before) return runs
  return new Map(runs).set(run.run_id, { ...before, ended: run, rows: run.read, seen: at })
}

/** Without the runs that ended a while ago. */
export function withoutOld(runs: LiveRuns, at: number): LiveRuns {
  const kept = [...runs].filter(([, run]) => !run.ended || at - run.seen < LINGER_MS)
  return kept.length === runs.size ? runs : new Map(kept)
}

/** Rows a second so far; undefined until there is something to divide. */
export function rateOf(run: LiveRun): number | undefined {
  const seconds = (run.seen - run.since) / 1000
  return seconds >= 1 && run.rows > 0 ? Math.round(run.rows / seconds) : undefined
}
