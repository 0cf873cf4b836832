import type { Run } from '../runs/run'

/** A job of `jobs.toml` with where it stands. */
export interface Job {
  name: string
  kind: string
  system: string | null
  schedule: string | null
  time_zone: string
  missed: 'all' | 'last' | 'none'
  overlap: 'skip' | 'queue' | 'forbid'
  after: string[]
  paused: boolean
  next_due: string | null
  last: Run | null
}

