import { describe, expect, it } from 'vitest'
import type { CaseRow } from './cases'
import { type CaseDecision, standingOf } from './decisions'

const summary = { case_hash: 'h2', decision: null, appeal: null, is_changed: null } as unknown as CaseRow
const said = (decision: string, decided_at: string, case_hash: string | null = 'h2'): CaseDecision => ({ decision, decided_by: 'wang', decided_at, case_hash, note: 'n' })

describe('standingOf', () => {
  it('is nothing where nothing was said', () => {
    expect(standingOf(summary, [])).toEqual({ last: null, appeal: null, isAppealOpen: false, isChanged: false })
  })
  it('goes by the last decision, whatever the order it comes in', () => {
    const standing = standingOf(summary, [said('dismissed', '2026-04-02T00:00:00Z'), said('confirmed', '2026-04-01T00:00:00Z')])
    expect(standing.last?.decision).toBe('dismissed')
  })
  it('keeps an appeal open until something is decided after it', () => {
    const appeal = said('appealed', '2026-04-03T08:00:00+08:00', null)
    expect(standingOf(summary, [said('confirmed', '2026-04-01T00:00:00Z'), appeal]).isAppealOpen).toBe(true)
    expect(standingOf(summary, [appeal, said('confirmed', '2026-04-03T01:00:00Z')]).isAppealOpen).toBe(false)
  })
  it('warns when the case was decided on another hash', () => {
    expect(standingOf(summary, [said('confirmed', '2026-04-01T00:00:00Z', 'h1')]).isChanged).toBe(true)
    // Decided anew on what is there today: the summary still tells of the decision before, until the next build.
    const before = { ...summary, decision: 'confirmed', is_changed: true }
    expect(standingOf(before, [said('confirmed', '2026-04-05T00:00:00Z', 'h2')]).isChanged).toBe(false)
  })
  it('takes what the summary tells where nothing else is recorded', () => {
    const told = { ...summary, decision: 'confirmed', decided_by: 'li', decided_at: '2026-04-01T00:00:00Z', is_changed: true, appeal: 'open', appealed_at: '2026-04-02T00:00:00Z', appeal_note: 'x' }
    expect(standingOf(told, [])).toMatchObject({ last: { decided_by: 'li' }, appeal: { note: 'x' }, isAppealOpen: true, isChanged: true })
  })
})
