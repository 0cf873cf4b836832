import type { Schemas } from '@/api/client'

/** A row that could not be taken, kept whole. */
export type Reject = Schemas['Reject']

/** How many rejects of one kind there are. */
export type RejectCount = Schemas['RejectCount']

/** Which rejects are wanted. */
export type RejectFilter = Schemas['RejectFilter']

/** What a replay did. */
export type ReplayOutcome = Schemas['ReplayOutcome']

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
