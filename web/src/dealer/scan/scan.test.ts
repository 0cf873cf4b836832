import { describe, expect, it } from 'vitest'
import { addCode, BATCH_CODES_MAX, emptyBatch, eventsOf, unready, type ScanEvent } from './batch'
import { LocalStore } from './deliveryStore'
import { ScanQueue, waitBefore, type SendResult } from './queue'

const AT = '2026-03-01T08:00:00.000Z'
const read = (code: string) => ({ code, at: AT, by: 'gun' as const })

function batchOf(...codes: string[]) {
  const batch = emptyBatch('receive', 'PHONE', 'b1')
  codes.forEach((code) => addCode(batch, read(code)))
  return batch
}

describe('a batch', () => {
  it('takes a code once, however it is written', () => {
    const batch = batchOf('A1x')
    expect(addCode(batch, read(' ａ1X '))).toBe('again')
    expect(addCode(batch, read('  '))).toBe('empty')
    expect(batch.codes.map((held) => held.code)).toEqual(['A1x'])
  })

  it('has an end', () => {
    const batch = batchOf(...Array.from({ length: BATCH_CODES_MAX }, (_, at) => `C${at}`))
    expect(addCode(batch, read('ONE-MORE'))).toBe('full')
  })

  it('is the same events however often they are made', () => {
    const batch = batchOf('A', 'B')
    const events = eventsOf(batch, 'D1', AT)
    expect(events).toEqual(eventsOf(batch, 'D1', AT))
    expect(events.map((event) => [event.event_id, event.codes, event.to_party])).toEqual([
      ['b1-0001', ['A'], 'D1'], ['b1-0002', ['B'], 'D1']])
  })

  it('names who gives and who gets', () => {
    const batch = batchOf('A')
    batch.movement = 'transfer'
    expect(unready(batch, 'D1')).toBe('dealer.scan.noReceiver')
    batch.to_party = 'D1'
    expect(unready(batch, 'D1')).toBe('dealer.scan.toOneself')
    batch.to_party = 'D2'
    expect(unready(batch, 'D1')).toBeUndefined()
    expect(eventsOf(batch, 'D1', AT)[0]).toMatchObject({ from_party: 'D1', to_party: 'D2' })
    batch.movement = 'return'
    expect(eventsOf(batch, 'D1', AT)[0]).not.toHaveProperty('to_party')
  })
})

/** A storage like the browser's, gone with the test. */
function storage(): Storage {
  const kept = new Map<string, string>()
  return {
    get length() { return kept.size }, key: (at) => [...kept.keys()][at] ?? null, clear: () => kept.clear(),
    getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => void kept.set(key, value), removeItem: (key) => void kept.delete(key),
  }
}

const taken = (events: ScanEvent[], duplicate = 0): SendResult => ({
  kind: 'receipt',
  receipt: { status: 'ACCEPTED', total: events.length, accepted: events.length - duplicate, duplicate, rejected: 0 },
})

describe('the queue', () => {
  it('keeps a batch without a network and sends it, with the same ids, when there is one', async () => {
    const store = new LocalStore(storage())
    const sent: string[][] = []
    let online = false
    const queue = new ScanQueue(store, 'd1', async (events) => {
      if (!online) return { kind: 'later', problem: 'offline' }
      sent.push(events.map((event) => event.event_id))
      return taken(events)
    })
    await queue.add('b1', 'receive', AT, eventsOf(batchOf('A', 'B'), 'D1', AT))
    expect(await queue.flush()).toBe(waitBefore(1))
    expect(await queue.flush()).toBe(waitBefore(2))
    expect((await queue.list())[0]).toMatchObject({ state: 'waiting', tries: 2, problem: 'offline' })

    online = true
    // As after a restart of the browser: nothing is known but what was stored.
    const later = new ScanQueue(store, 'd1', async (events) => { sent.push(events.map((event) => event.event_id)); return taken(events, 2) })
    expect(await later.flush()).toBeUndefined()
    expect(sent).toEqual([['b1-0001', 'b1-0002']])
    expect((await later.list())[0]).toMatchObject({ state: 'sent', duplicate: 2, outcomes: [{ code: 'A', taken: true }, { code: 'B', taken: true }] })
    await later.flush()
    expect(sent).toHaveLength(1)
  })

  it('says for each code why it was not taken', async () => {
    const queue = new ScanQueue(new LocalStore(storage()), 'd1', async () => ({
      kind: 'receipt',
      receipt: { status: 'PARTIALLY_ACCEPTED', total: 2, accepted: 1, duplicate: 0, rejected: 1,
        rejected_events: [{ record: 2, reason: 'code_length_max', message: 'too long' }] },
    }))
    await queue.add('b1', 'receive', AT, eventsOf(batchOf('A', 'B'), 'D1', AT))
    await queue.flush()
    expect((await queue.list())[0]?.outcomes).toEqual([
      { code: 'A', taken: true }, { code: 'B', taken: false, reason: 'code_length_max', message: 'too long' }])
  })

  it('goes on after a batch that can never be taken, and waits as long as the hub asks', async () => {
    const asked: string[] = []
    const queue = new ScanQueue(new LocalStore(storage()), 'd1', async (events) => {
      const [first] = events
      asked.push(first!.event_id)
      return first!.event_id.startsWith('b1') ? { kind: 'refused', problem: 'no' } : { kind: 'later', problem: 'busy', after_s: 7 }
    })
    await queue.add('b1', 'receive', '2026-03-01T08:00:00Z', eventsOf(batchOf('A'), 'D1', AT))
    await queue.add('b2', 'return', '2026-03-01T09:00:00Z', eventsOf({ ...batchOf('B'), batch_id: 'b2' }, 'D1', AT))
    expect(await queue.flush()).toBe(7)
    expect(asked).toEqual(['b1-0001', 'b2-0001'])
    expect((await queue.list()).map((delivery) => delivery.state)).toEqual(['waiting', 'refused'])
  })

  it('shows nobody what another scanned', async () => {
    const store = new LocalStore(storage())
    await new ScanQueue(store, 'd1', async (events) => taken(events)).add('b1', 'receive', AT, [])
    expect(await new ScanQueue(store, 'd2', async (events) => taken(events)).list()).toEqual([])
  })
})
