import type { ScanEvent } from './batch'

/** What `POST /api/v1/events` answers. */
export interface Receipt {
  status: 'ACCEPTED' | 'PARTIALLY_ACCEPTED' | 'REJECTED'
  total: number
  accepted: number
  duplicate: number
  rejected: number
  rejected_events?: RejectedEvent[]
}

/** A record that breaks a rule; `record` counts from 1. */
export interface RejectedEvent { record: number; reason: string; message: string }

/** What became of one code. */
export interface CodeOutcome { code: string; taken: boolean; reason?: string; message?: string }

/** What became of each code of a delivery, in the order of its events. */
export function outcomesOf(events: ScanEvent[], receipt: Receipt): CodeOutcome[] {
  const refused = new Map<number, RejectedEvent>()
  for (const event of receipt.rejected_events ?? []) refused.set(event.record, event)
  return events.map((event, at) => {
    const why = refused.get(at + 1)
    const code = event.codes.join(';')
    return why ? { code, taken: false, reason: why.reason, message: why.message } : { code, taken: true }
  })
}
