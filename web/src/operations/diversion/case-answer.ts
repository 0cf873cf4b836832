/** `GET /cases/{dealer}/{product}/{destination}/{month}` and what is recorded about it. */
import { get, post } from '@/api/request'
import type { CaseRow } from './cases'
import type { CaseDecision } from './decisions'
import type { EvidenceRow } from './evidence'
import type { CaseLine } from './lines'
import type { SiblingRow } from './siblings'

/** A case with everything it rests on. */
export interface CaseAnswer {
  summary: CaseRow
  evidence: EvidenceRow[]
  siblings: SiblingRow[]
  lines: CaseLine[]
  /** What people decided and said, oldest first. */
  decisions: CaseDecision[]
}

/** Decisions that operations may take. */
export const DECISIONS = ['under_review', 'confirmed', 'dismissed'] as const

/** One of them. */
export type Decision = (typeof DECISIONS)[number]

/** Reads a case; `path` is that of `casePath`. */
export const readCase = (path: string, signal?: AbortSignal) => get<CaseAnswer>(`/cases/${path}`, undefined, signal)

/** Records a decision on the case as it was shown. */
export const decideCase = (path: string, decision: Decision, note: string, caseHash: string) =>
  post(`/cases/${path}/decisions`, { decision, note, case_hash: caseHash })

/** Records the dealer's appeal. */
export const appealCase = (path: string, note: string) => post(`/cases/${path}/appeals`, { note })
