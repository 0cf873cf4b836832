/** How a run ended. */
export type RunOutcome = 'running' | 'green' | 'yellow' | 'red' | 'interrupted'

/** A run as the hub tells it. */
export interface Run {
  run_id: string
  kind: string
  system: string
  stream: string
  started_at: string
  ended_at: string | null
  outcome: RunOutcome
  read: number
  loaded: number
  unchanged: number
  rejected: number
  message: string | null
  trigger: string
  job: string | null
}
