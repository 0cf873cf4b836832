import { describe, expect, it } from 'vitest'
import { sharesOf, unaccounted } from './balance'
import { afterEnded, afterProgress, rateOf, withoutOld, type LiveRuns } from './liveRuns'
import type { Run } from './run'

const run: Run = {
  run_id: 'r', kind: 'sync', system: 'erp', stream: 'product', started_at: '2026-03-01T00:00:00Z', ended_at: '2026-03-01T00:00:03Z',
  outcome: 'green', read: 510, loaded: 500, unchanged: 9, rejected: 1, message: null, trigger: 'person', job: null,
}

describe('a run', () => {
  it('balances when read is loaded, unchanged and rejected', () => {
    expect(unaccounted(run)).toBe(0)
    expect(unaccounted({ ...run, rejected: 0 })).toBe(1)
    expect(sharesOf({ read: 0, loaded: 0, unchanged: 0, rejected: 0 })).toEqual({ loaded: 0, unchanged: 0, rejected: 0 })
  })
})

describe('live runs', () => {
  const told = (rows: number) => ({ run_id: 'r', kind: 'sync', system: 'erp', stream: 'product', job: null, rows, phase: 'reading' })

  it('go on, end, and go away', () => {
    let runs: LiveRuns = new Map()
    runs = afterProgress(runs, told(0), 0)
    runs = afterProgress(runs, told(500), 2000)
    expect(rateOf(runs.get('r')!)).toBe(250)
    runs = afterEnded(runs, run, 3000)
    expect(afterProgress(runs, told(600), 3500)).toBe(runs)
    expect(withoutOld(runs, 4000).get('r')).toMatchObject({ rows: 510, ended: { outcome: 'green' } })
    expect(withoutOld(runs, 60_000).size).toBe(0)
  })

  it('nobody heard of end without a trace', () => {
    expect(afterEnded(new Map(), run, 0).size).toBe(0)
  })
})
