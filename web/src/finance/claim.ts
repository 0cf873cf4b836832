import type { Schemas } from '@/api/client'

/** How a claim came out. */
export type ClaimVerdict = 'accepted' | 'held' | 'rejected' | 'clawed_back'

/** One check of a claim, in the order they were tried. */
export type ClaimCheck = Schemas['ClaimCheck']

/** The facts of one claim. */
export type ClaimFacts = Schemas['Claim']

/** A row of `promoter-claims`, as far as these pages read it. */
export interface ClaimRow {
  event_id: string
  promoter_code: string
  store_code: string | null
  code: string
  claimed_at: string
  product_code: string | null
  verdict: ClaimVerdict
  reason: string | null
  decided_by_event: string | null
  is_retry?: boolean
  amount?: string | number | null
  distance_m?: number | null
  accuracy_m?: number | null
  dealer_code?: string | null
  device_id?: string | null
  order_no?: string | null
  hold_ends_at?: string | null
  returned_at?: string | null
  store_received?: number | null
  store_claims?: number | null
  decision?: string | null
  decided_by?: string | null
  decided_at?: string | null
  decision_note?: string | null
}

/** Metres past which a claim is outside its store whatever the accuracy; only for the drawing, the hub decides. */
export function surelyAway(claim: Pick<ClaimRow, 'distance_m' | 'accuracy_m'>): number | null {
  if (claim.distance_m == null) return null
  return Math.max(0, claim.distance_m - (claim.accuracy_m ?? 0))
}
