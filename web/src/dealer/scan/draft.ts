import { emptyBatch, newId, type Batch, type Movement } from './batch'

const KEY = 'yuanliu.batch.'
const DEVICE = 'yuanliu.device'

/** The name under which this browser scans, the same every time. */
export function ownDevice(storage: Storage = localStorage): string {
  const held = storage.getItem(DEVICE)
  if (held) return held
  const made = `WEB-${newId().slice(0, 12)}`
  storage.setItem(DEVICE, made)
  return made
}

/** The batch that was being scanned when the page was left, or an empty one. */
export function openDraft(login: string, storage: Storage = localStorage): Batch {
  try {
    const held = JSON.parse(storage.getItem(KEY + login) ?? 'null') as Batch | null
    if (held?.batch_id && Array.isArray(held.codes)) return held
  } catch {
    // A damaged draft cannot be scanned on.
  }
  return emptyBatch('receive', ownDevice(storage))
}

/** Keeps the batch as it stands, scan by scan. */
export function keepDraft(login: string, batch: Batch, storage: Storage = localStorage): void {
  storage.setItem(KEY + login, JSON.stringify(batch))
}

/** A new batch after one was closed; the movement stays. */
export function nextBatch(movement: Movement): Batch {
  return emptyBatch(movement, ownDevice())
}
