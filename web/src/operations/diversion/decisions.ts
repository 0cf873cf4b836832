/** What people decided about a case, and what of it stands. */
import type { Schemas } from '@/api/client'
import type { CaseRow } from './cases'

/** Something recorded about a case. */
export type CaseDecision = Schemas['CaseDecision']

/** Where a case stands. */
export interface Standing {
  /** The last decision; an appeal is none. */
  last: CaseDecision | null
  appeal: CaseDecision | null
  /** An appeal that nothing was decided after. */
  isAppealOpen: boolean
  /** The last decision was taken on other evidence or rules than today's. */
  isChanged: boolean
}

/**
 * Where a case stands by what was recorded, which is known at once; the summary knows it from the next build on, and alone
 * where decisions come from a folder of files.
 */
export function standingOf(summary: CaseRow, recorded: readonly CaseDecision[]): Standing {
  const inTime = [...recorded].sort((a, b) => Date.parse(a.decided_at) - Date.parse(b.decided_at))
  const fromSummary: CaseDecision | null = summary.decision
    ? { decision: summary.decision, decided_by: summary.decided_by ?? '', decided_at: summary.decided_at ?? '', case_hash: null, note: summary.decision_note ?? '' }
    : null
  const appealInSummary: CaseDecision | null = summary.appeal
    ? { decision: 'appealed', decided_by: '', decided_at: summary.appealed_at ?? '', case_hash: null, note: summary.appeal_note ?? '' }
    : null
  const recordedLast = inTime.filter((one) => one.decision !== 'appealed').at(-1)
  const last = recordedLast ?? fromSummary
  const appeal = inTime.filter((one) => one.decision === 'appealed').at(-1) ?? appealInSummary
  const isAppealOpen = appeal !== null && (last === null || Date.parse(appeal.decided_at) >= Date.parse(last.decided_at))
  const hash = recordedLast?.case_hash
  const isChanged = hash && summary.case_hash ? hash !== summary.case_hash : !!summary.is_changed && !recordedLast
  return { last, appeal, isAppealOpen, isChanged }
}
