/** The little of a claim that its group is told by. */
export interface DecidedClaim {
  verdict: string
  reason: string | null
  is_retry?: boolean
  amount?: string | number | null
  decision?: string | null
}

/** Claims that were decided in one way for one reason. */
export interface ReasonGroup { verdict: string; reason: string | null; claims: number; decided: number }

/** How a month's claims came out, most frequent first. Retries are listed by reports and counted by none. */
export function byReason(claims: Iterable<DecidedClaim>): ReasonGroup[] {
  const groups = new Map<string, ReasonGroup>()
  for (const claim of claims) {
    if (claim.is_retry) continue
    const key = `${claim.verdict}|${claim.reason ?? ''}`
    const group = groups.get(key) ?? { verdict: claim.verdict, reason: claim.reason, claims: 0, decided: 0 }
    group.claims += 1
    if (claim.decision) group.decided += 1
    groups.set(key, group)
  }
  return [...groups.values()].sort((a, b) => b.claims - a.claims || a.verdict.localeCompare(b.verdict))
}
