/** What became of a reject. */
export type RejectStatus = 'open' | 'replayed' | 'discarded'

/** A row that could not be taken, kept whole. */
export interface Reject {
  reject_id: number
  system: string
  stream: string
  reason: string
  message: string
  payload: string
  position: string
  seen_at: string
  status: RejectStatus
  closed_at: string | null
  note: string | null
}

/** How many rejects of one kind there are. */
export interface RejectCount {
  system: string
  stream: string
  reason: string
  status: RejectStatus
  rejects: number
  first_seen_at: string
  last_seen_at: string
}

/** What a replay did. */
export interface ReplayOutcome { replayed: number; loaded: number; rejected: number }

/** A payload for reading: JSON is laid out, all else stays as it came. */
export function laidOut(payload: string): string {
  try {
    return JSON.stringify(JSON.parse(payload), null, 2)
  } catch {
    return payload
  }
}

/** Where a reject of this reason is mended: which words of help fit it. */
export function hintKey(reason: string): string {
  if (/^bad_(key|id|position)|key_missing/.test(reason)) return 'admin.reject.hint.key'
  if (/^bad_(date|datetime|time)|event_time|recorded_at/.test(reason)) return 'admin.reject.hint.time'
  if (/^bad_decimal|number/.test(reason)) return 'admin.reject.hint.number'
  if (/code|parent|alias/.test(reason)) return 'admin.reject.hint.code'
  if (/encoding|json|csv|line|object|field/.test(reason)) return 'admin.reject.hint.form'
  if (/drift|quarantine/.test(reason)) return 'admin.reject.hint.drift'
  return 'admin.reject.hint.other'
}

/** Counts of the open ones, most first. */
export function openCounts(counts: readonly RejectCount[]): RejectCount[] {
  return counts.filter((count) => count.status === 'open').sort((a, b) => b.rejects - a.rejects)
}
