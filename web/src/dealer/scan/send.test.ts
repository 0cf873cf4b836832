import { afterEach, describe, expect, it, vi } from 'vitest'
import type { ScanEvent } from './batch'
import { sender } from './send'

const events: ScanEvent[] = ['A', 'B'].map((code, at) => ({
  event_id: `b-${at}`, event_type: 'receive', event_time: '2026-03-01T08:00:00Z', recorded_at: '2026-03-01T08:00:00Z', codes: [code], to_party: 'D', device_id: 'P' }))
const answer = (status: number, body: unknown) => new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } })
const send = sender((error) => String((error as Error).message))

afterEach(() => vi.unstubAllGlobals())

describe('sending scans', () => {
  it('writes a record for each event', async () => {
    const fetched = vi.fn(async () => answer(200, { status: 'ACCEPTED', total: 2, accepted: 2, duplicate: 0, rejected: 0, rejected_events: [] }))
    vi.stubGlobal('fetch', fetched)
    expect((await send(events)).kind).toBe('receipt')
    const [, init] = fetched.mock.calls[0] as unknown as [string, RequestInit]
    expect((JSON.parse(String(init.body)) as ScanEvent[]).map((event) => event.event_id)).toEqual(['b-0', 'b-1'])
  })

  it('waits for what may pass: no network, a busy hub, a session that is over', async () => {
    vi.stubGlobal('fetch', async () => { throw new TypeError('no network') })
    expect((await send(events)).kind).toBe('later')
    for (const status of [401, 429, 503]) {
      vi.stubGlobal('fetch', async () => answer(status, {}))
      expect((await send(events)).kind, String(status)).toBe('later')
    }
  })

  it('gives up what can never be taken, and reads the receipt of a body that was refused whole', async () => {
    vi.stubGlobal('fetch', async () => answer(403, { detail: 'not yours' }))
    expect(await send(events)).toEqual({ kind: 'refused', problem: 'not yours' })
    const rejected_events = [{ record: 1, reason: 'code_invalid', message: 'm' }, { record: 2, reason: 'code_invalid', message: 'm' }]
    vi.stubGlobal('fetch', async () => answer(422, { status: 'REJECTED', total: 2, accepted: 0, duplicate: 0, rejected: 2, rejected_events }))
    expect((await send(events)).kind).toBe('receipt')
  })
})
