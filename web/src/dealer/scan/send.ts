import { Problem } from '@/api/problem'
import { API_BASE, request } from '@/api/request'
import type { ScanEvent } from './batch'
import type { SendResult } from './queue'
import type { Receipt } from './receipt'

/** Statuses after which the same body can never be taken, unless it carries a receipt. */
const NEVER = new Set([400, 403, 413, 415, 422])

/** Sends events to the hub, a record for each, as the receipt counts them. */
export function sender(problemText: (error: unknown) => string): (events: ScanEvent[]) => Promise<SendResult> {
  return async (events) => {
    try {
      const answer = await request(`${API_BASE}/events`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(events),
      })
      return { kind: 'receipt', receipt: (await answer.json()) as Receipt }
    } catch (error) {
      if (!(error instanceof Problem)) return { kind: 'later', problem: problemText(error) }
      const receipt = error.body as unknown as Partial<Receipt>
      // A body in which every record breaks a rule comes back as a refusal with its receipt.
      if (receipt.rejected_events && receipt.total !== undefined) return { kind: 'receipt', receipt: receipt as Receipt }
      return { kind: NEVER.has(error.status) ? 'refused' : 'later', problem: problemText(error) }
    }
  }
}
