import { describe, expect, it } from 'vitest'
import { cleaned, draftFault, isLocked, PASSWORD_LENGTH_MIN, suggestedPassword, type AccountDraft } from './account'

const draft = (more: Partial<AccountDraft>): AccountDraft =>
  ({ display_name: '李娜', role: 'management', regions: [], dealer_code: null, locale: 'zh-CN', ...more })

describe('an account', () => {
  it('of a dealer has a dealer, every other has regions', () => {
    expect(draftFault(draft({ role: 'dealer' }))).toBe('admin.account.needsDealer')
    expect(cleaned(draft({ role: 'dealer', dealer_code: ' C1 ', regions: ['430000'] }))).toMatchObject({ dealer_code: 'C1', regions: [] })
    expect(cleaned(draft({ dealer_code: 'C1', regions: ['430000'] }))).toMatchObject({ dealer_code: null, regions: ['430000'] })
    expect(draftFault(draft({ regions: ['43'] }))).toBe('admin.account.badRegion')
    expect(draftFault(draft({ regions: ['430000'] }))).toBeUndefined()
  })

  it('is locked until its time is over', () => {
    const now = Date.parse('2026-03-01T00:00:00Z')
    expect([isLocked({ locked_until: '2026-03-01T00:01:00Z' }, now), isLocked({ locked_until: '2026-02-28T23:59:00Z' }, now), isLocked({ locked_until: null }, now)])
      .toEqual([true, false, false])
  })

  it('starts with a password that is long and never the same', () => {
    const [one, other] = [suggestedPassword(), suggestedPassword()]
    expect(one.length).toBeGreaterThanOrEqual(PASSWORD_LENGTH_MIN)
    expect(one).not.toBe(other)
  })
})
