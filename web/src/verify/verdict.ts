/** What the hub says of a code. */
export type Verdict =
  | 'genuine_first' | 'genuine_again' | 'recheck' | 'suspicious_clone'
  | 'not_shipped' | 'recalled' | 'decommissioned' | 'unknown'

/** One code's answer of `GET /verify`. */
export interface Verified {
  code: string
  verdict: Verdict
  product_name?: string | null
  batch_no?: string | null
  dealer_name?: string | null
  first_checked_at?: string | null
  first_checked_place?: string | null
  checks: number
}

/** How loud a verdict is: colour, icon and words say the same, so that no one of them is needed. */
export type Tone = 'good' | 'look' | 'stop' | 'open'

const TONES: Record<Verdict, Tone> = {
  genuine_first: 'good',
  recheck: 'good',
  // Genuine, and asked before: a reason to compare time and place, not to accuse anybody.
  genuine_again: 'look',
  suspicious_clone: 'stop',
  not_shipped: 'stop',
  recalled: 'stop',
  decommissioned: 'stop',
  unknown: 'open',
}

/** The tone of a verdict; one that this page does not know is left open. */
export function toneOf(verdict: string): Tone {
  return TONES[verdict as Verdict] ?? 'open'
}

/** Whether this page has words for a verdict. */
export function isVerdict(word: string): word is Verdict {
  return word in TONES
}
