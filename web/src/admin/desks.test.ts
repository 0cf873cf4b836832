import { describe, expect, it } from 'vitest'
import { channelsOf, ownPath } from './alerts/alert'
import { auditQuery } from './audit/auditQuery'
import { draftsOf, isFilePath } from './configuration/plan'
import { cardsOf, type DriftLine } from './drift/drift'
import { lateFirst } from './freshness/freshness'
import { hintKey, laidOut, openCounts } from './rejects/reject'
import { chosenStreams, isSelection } from './systems/streamChoice'
import { isSystemName } from './systems/system'

const stream = (name: string, is_selected: boolean) => ({ stream: name, title: name, fields: [], is_selected })

describe('the choice of streams', () => {
  const offered = [stream('product', true), stream('dealer', true), stream('delivery', false)]

  it('is told only when it is another one', () => {
    expect(isSelection(offered, new Set(['product', 'dealer']))).toBe(false)
    expect(isSelection(offered, new Set(['product', 'dealer', 'delivery']))).toBe(true)
  })

  it('needs no key when all are read, unless the file lists them', () => {
    const all = new Set(['product', 'dealer', 'delivery'])
    expect(chosenStreams(offered, all, false)).toBeUndefined()
    expect(chosenStreams(offered, all, true)).toEqual(['product', 'dealer', 'delivery'])
    expect(chosenStreams(offered, new Set(['dealer']), false)).toEqual(['dealer'])
  })
})

describe('drift', () => {
  const line = (more: Partial<DriftLine>): DriftLine => ({
    system: 'erp', stream: 'order', change: 'new', field: 'f', from: null, to: 'text', seen_at: '2026-03-02T00:00:00Z', policy: 'evolve', reports: [], ...more })

  it('is one card a stream, what can break a report first', () => {
    const cards = cardsOf([
      line({ stream: 'product' }),
      line({ field: 'a', change: 'vanished', reports: ['reconciliation'] }),
      line({ field: 'b', reports: ['regional-sales', 'reconciliation'], seen_at: '2026-03-01T00:00:00Z' }),
    ])
    expect(cards.map((card) => [card.stream, card.isRisky, card.reports])).toEqual([
      ['order', true, ['reconciliation', 'regional-sales']], ['product', false, []]])
    expect(cards[0]?.seen_at).toBe('2026-03-01T00:00:00Z')
  })
})

describe('the reject desk', () => {
  it('lays JSON out and leaves all else as it came', () => {
    expect(laidOut('{"a":1}')).toBe('{\n  "a": 1\n}')
    expect(laidOut('a,b\n,c')).toBe('a,b\n,c')
  })

  it('has a hint for every reason', () => {
    expect(['bad_key', 'bad_date', 'bad_decimal', 'code_missing', 'json_invalid', 'nobody_knows'].map(hintKey)).toEqual(
      ['key', 'time', 'number', 'code', 'form', 'other'].map((key) => `admin.reject.hint.${key}`))
  })

  it('counts what is open, most first', () => {
    const count = (reason: string, rejects: number, status: 'open' | 'replayed') =>
      ({ system: 's', stream: 't', reason, status, rejects, first_seen_at: '', last_seen_at: '' })
    expect(openCounts([count('a', 1, 'open'), count('b', 9, 'replayed'), count('c', 3, 'open')]).map((one) => one.reason)).toEqual(['c', 'a'])
  })
})

describe('configuration', () => {
  const files = [{ path: 'hub.toml', text: 'a = 1\n', hash: '' }]

  it('sends the files that differ, and no others', () => {
    expect(draftsOf(files, new Map([['hub.toml', 'a = 1\n'], ['new.toml', null]]))).toEqual([])
    expect(draftsOf(files, new Map<string, string | null>([['systems/b.toml', ''], ['hub.toml', null]]))).toEqual([
      { path: 'hub.toml', text: null }, { path: 'systems/b.toml', text: '' }])
  })

  it('has paths that stay in their folder', () => {
    expect(['jobs.toml', 'systems/erp.toml', 'regions/corrections.csv'].every(isFilePath)).toBe(true)
    expect(['../x.toml', '/etc/x.toml', 'a/../b.toml', 'x', 'x.sh'].some(isFilePath)).toBe(false)
    expect(['erp_main', 'erp__main', 'ERP', '_a', 'a-b'].map(isSystemName)).toEqual([true, false, false, false, false])
  })
})

describe('other desks', () => {
  it('follow links of their own pages only', () => {
    expect([ownPath('/admin/runs'), ownPath('//evil.example'), ownPath('https://evil.example'), ownPath(null)]).toEqual(['/admin/runs', null, null, null])
  })

  it('name each channel once', () => {
    const rule = (channels: string[]) => ({ name: 'r', on: 'x', title: '', title_zh: '', severity: 'info' as const, channels, enabled: true })
    expect(channelsOf([rule(['b', 'a']), rule(['a'])])).toEqual(['a', 'b'])
  })

  it('show late reports first', () => {
    const line = (report: string, is_late: boolean) => ({ report, built_at: null, data_until: null, bound_s: null, is_late, why: null, why_zh: null })
    expect(lateFirst([line('b', false), line('c', true), line('a', false)]).map((one) => one.report)).toEqual(['c', 'a', 'b'])
  })

  it('ask the audit log for whole days of the reader', () => {
    const query = auditQuery({ actor: ' li.na ', action: '', from: '2026-03-01', to: '2026-03-01' })
    expect(query.actor).toBe('li.na')
    expect(Date.parse(query.to ?? '') - Date.parse(query.from ?? '')).toBe(86_400_000)
    expect(auditQuery({ actor: '', action: '', from: '', to: '' }).from).toBe('')
  })
})
