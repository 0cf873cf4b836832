/** `GET /cases/{dealer}/{product}/{destination}/{month}` and what is recorded about it. */
import { api, told, type Schemas } from '@/api/client'
import type { CaseKey, CaseRow } from './cases'
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

/** A decision that operations may take. */
export type Decision = Schemas['Verdict']

/** All of them. */
export const DECISIONS: readonly Decision[] = ['under_review', 'confirmed', 'dismissed']

const CASE = '/api/v1/cases/{dealer_code}/{product_code}/{destination_region}/{month}'

/** Reads a case; what its rows hold is the contract of the reports they come from. */
export const readCase = async (path: CaseKey, signal?: AbortSignal) =>
  (await told(api.GET(CASE, { params: { path }, signal }))) as unknown as CaseAnswer

/** Records a decision on the case as it was shown. */
export const decideCase = (path: CaseKey, body: Schemas['CaseDecisionDraft']) =>
  told(api.POST(`${CASE}/decisions`, { params: { path }, body }))

/** Records the dealer's appeal. */
export const appealCase = (path: CaseKey, note: string) => told(api.POST(`${CASE}/appeals`, { params: { path }, body: { note } }))
