/** What a dealer does with goods by scan. */
export type Movement = 'receive' | 'transfer' | 'return'

/** Codes scanned one after the other that go out as one upload. */
export interface Batch {
  /** Stays the same however often the batch is sent: the hub takes each event once. */
  batch_id: string
  movement: Movement
  /** Whom the goods go to; for a transfer only. */
  to_party?: string
  device_id: string
  codes: ScannedCode[]
}

/** A code as read, and when: the time of the scan counts, not that of the upload. */
export interface ScannedCode { code: string; at: string; by: 'camera' | 'gun' | 'hand' }

/** More in one batch would be a body nobody checks by eye. */
export const BATCH_CODES_MAX = 500

/** What adding a code came to. */
export type Added = 'added' | 'again' | 'full' | 'empty'

/** An event as `POST /api/v1/events` takes it. */
export interface ScanEvent {
  event_id: string
  event_type: Movement
  event_time: string
  recorded_at: string
  codes: string[]
  from_party?: string
  to_party?: string
  device_id: string
}

/** A batch with no codes in it yet. */
export function emptyBatch(movement: Movement, device_id: string, batch_id = newId()): Batch {
  return { batch_id, movement, device_id, codes: [] }
}

/** What two readings of one code have in common: width, case and blanks do not count. The hub
 * compares codes in the same way and takes them out of addresses too. */
export function comparable(code: string): string {
  return code.normalize('NFKC').trim().toUpperCase()
}

/** Adds a code unless it is there already. */
export function addCode(batch: Batch, read: ScannedCode): Added {
  const code = read.code.normalize('NFKC').trim()
  if (code === '') return 'empty'
  if (batch.codes.some((held) => comparable(held.code) === comparable(code))) return 'again'
  if (batch.codes.length >= BATCH_CODES_MAX) return 'full'
  batch.codes.push({ ...read, code })
  return 'added'
}

/**
 * The events of a batch: one for each code, so that the receipt has a reason for each.
 *
 * Everything in an event but `recorded_at` is fixed when the code is read; `recorded_at` is fixed
 * when the batch is closed, for the same id with other content would be a collision.
 */
export function eventsOf(batch: Batch, ownParty: string, closedAt: string): ScanEvent[] {
  return batch.codes.map((read, at) => ({
    event_id: `${batch.batch_id}-${String(at + 1).padStart(4, '0')}`,
    event_type: batch.movement,
    event_time: read.at,
    recorded_at: closedAt,
    codes: [read.code],
    ...parties(batch, ownParty),
    device_id: batch.device_id,
  }))
}

function parties(batch: Batch, ownParty: string): Pick<ScanEvent, 'from_party' | 'to_party'> {
  switch (batch.movement) {
    case 'receive': return { to_party: ownParty }
    case 'transfer': return { from_party: ownParty, to_party: batch.to_party }
    case 'return': return { from_party: ownParty }
  }
}

/** Why a batch cannot be closed yet; a message key. */
export function unready(batch: Batch, ownParty: string): string | undefined {
  if (batch.codes.length === 0) return 'dealer.scan.noCodes'
  if (batch.movement !== 'transfer') return undefined
  if (!batch.to_party?.trim()) return 'dealer.scan.noReceiver'
  return batch.to_party.trim() === ownParty ? 'dealer.scan.toOneself' : undefined
}

/** An id nobody else has; also where the page is not served over TLS and `randomUUID` is missing. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
