import type { Movement, ScanEvent } from './batch'
import { outcomesOf, type CodeOutcome, type Receipt } from './receipt'

/** Where a closed batch stands. */
export type DeliveryState = 'waiting' | 'sent' | 'refused'

/** A closed batch on its way to the hub, or arrived. */
export interface Delivery {
  batch_id: string
  /** Who scanned: on a shared phone the next one neither sees nor sends it. */
  login: string
  movement: Movement
  closed_at: string
  events: ScanEvent[]
  state: DeliveryState
  tries: number
  outcomes?: CodeOutcome[]
  duplicate?: number
  /** Why it has not arrived, as the hub or the network says. */
  problem?: string
}

/** Keeps deliveries over a restart of the browser. */
export interface DeliveryStore {
  all(login: string): Promise<Delivery[]>
  put(delivery: Delivery): Promise<void>
  remove(batch_id: string): Promise<void>
}

/** What sending came to. */
export type SendResult =
  | { kind: 'receipt'; receipt: Receipt }
  /** The same body can never be taken. */
  | { kind: 'refused'; problem: string }
  /** The same body may be taken later: no network, hub busy, signed out. */
  | { kind: 'later'; problem: string; after_s?: number }

/** Sends events; never throws. */
export type Send = (events: ScanEvent[]) => Promise<SendResult>

/** How many arrived deliveries are kept to look at. */
const KEPT = 30

/** Seconds until the next attempt: doubles up to five minutes. */
export function waitBefore(tries: number): number {
  return Math.min(300, 5 * 2 ** Math.max(0, tries - 1))
}

/**
 * Closed batches, sent oldest first, each until the hub has said what became of it.
 *
 * A batch is stored before it is sent and keeps its ids, so a lost answer costs nothing: the hub
 * counts what it has already as duplicates, which the receipt takes for taken.
 */
export class ScanQueue {
  private running: Promise<number | undefined> | undefined

  constructor(
    private readonly store: DeliveryStore,
    private readonly login: string,
    private readonly send: Send,
  ) {}

  /** Keeps a batch; the promise resolves when it would survive a closed browser. */
  async add(batch_id: string, movement: Movement, closed_at: string, events: ScanEvent[]): Promise<void> {
    await this.store.put({ batch_id, login: this.login, movement, closed_at, events, state: 'waiting', tries: 0 })
  }

  /** Newest first. */
  async list(): Promise<Delivery[]> {
    const all = await this.store.all(this.login)
    return all.sort((a, b) => (a.closed_at < b.closed_at ? 1 : -1))
  }

  /** Takes a refused or arrived delivery off the list. */
  async forget(batch_id: string): Promise<void> {
    await this.store.remove(batch_id)
  }

  /** Sends what waits. Answers the seconds after which to come again; undefined: nothing waits. */
  flush(): Promise<number | undefined> {
    this.running ??= this.run().finally(() => { this.running = undefined })
    return this.running
  }

  private async run(): Promise<number | undefined> {
    for (const delivery of (await this.list()).reverse()) {
      if (delivery.state !== 'waiting') continue
      const result = await this.send(delivery.events)
      const tries = delivery.tries + 1
      if (result.kind === 'later') {
        await this.store.put({ ...delivery, tries, problem: result.problem })
        return result.after_s ?? waitBefore(tries)
      }
      if (result.kind === 'refused') await this.store.put({ ...delivery, tries, state: 'refused', problem: result.problem })
      else await this.store.put({ ...delivery, tries, ...arrived(delivery, result.receipt) })
    }
    await this.tidy()
    return undefined
  }

  private async tidy(): Promise<void> {
    const arrived = (await this.list()).filter((delivery) => delivery.state === 'sent')
    for (const old of arrived.slice(KEPT)) await this.store.remove(old.batch_id)
  }
}

function arrived(delivery: Delivery, receipt: Receipt): Partial<Delivery> {
  return {
    state: 'sent',
    outcomes: outcomesOf(delivery.events, receipt),
    duplicate: receipt.duplicate,
    problem: undefined,
  }
}
