import { describe, expect, it } from 'vitest'
import { isBalanced, totalsOf, type PromoterMonth } from './balance'
import { difference, money, sum } from './decimal'
import { daysOf, isMonth, monthOf, shift } from './month'
import { byReason } from './reasons'

const row = (promoter_code: string, claimed: number, accepted: number, held: number, rejected: number, more: Partial<PromoterMonth> = {}): PromoterMonth =>
  ({ period: '2026-03', promoter_code, claimed, accepted, held, rejected, clawed_back: 0, payable_amount: '0', clawback_amount: '0', ...more })

describe('amounts', () => {
  it('are added exactly', () => {
    expect(sum(['0.1', '0.2'])).toBe('0.3')
    expect(sum(Array.from({ length: 1000 }, () => '0.07'))).toBe('70.00')
    expect(sum(['9007199254740993.01', '0.005', null])).toBe('9007199254740993.015')
    expect(sum([])).toBe('0')
    expect(difference('1', '1.05')).toBe('-0.05')
    expect(() => sum(['1e3'])).toThrow('not a decimal')
  })

  it('are written for reading', () => {
    expect([money('1234567.5'), money('-0.05'), money('12'), money(null), money('0.075')]).toEqual(['1,234,567.50', '-0.05', '12.00', '—', '0.075'])
  })
})

describe('a promoter month', () => {
  it('balances when every claim was decided in one way', () => {
    expect(isBalanced(row('P', 10, 6, 3, 1))).toBe(true)
    expect(isBalanced(row('P', 10, 6, 3, 0))).toBe(false)
  })

  it('adds up over promoters and names those that do not', () => {
    const totals = totalsOf([
      row('P1', 10, 6, 3, 1, { payable_amount: '104.96', clawed_back: 2, clawback_amount: '0.14' }),
      row('P2', 5, 5, 0, 1, { payable_amount: 84.96 }),
    ])
    expect(totals).toMatchObject({ promoters: 2, claimed: 15, accepted: 11, held: 3, rejected: 2, clawed_back: 2,
      payable_amount: '189.92', clawback_amount: '0.14', net_amount: '189.78', unbalanced: ['P2'] })
  })

  it('groups claims by what decided them and leaves retries out', () => {
    expect(byReason([
      { verdict: 'accepted', reason: null }, { verdict: 'held', reason: 'burst', decision: 'released' }, { verdict: 'held', reason: 'burst' },
      { verdict: 'held', reason: 'retry', is_retry: true },
    ])).toEqual([
      { verdict: 'held', reason: 'burst', claims: 2, decided: 1 }, { verdict: 'accepted', reason: null, claims: 1, decided: 0 }])
  })
})

describe('months', () => {
  it('are those of the business zone', () => {
    expect(monthOf(new Date('2026-02-28T16:30:00Z'))).toBe('2026-03')
    expect([shift('2026-01', -1), shift('2026-12', 1), shift('2026-03', -14)]).toEqual(['2025-12', '2027-01', '2025-01'])
    expect(daysOf('2028-02')).toEqual({ from: '2028-02-01', to: '2028-02-29' })
    expect([isMonth('2026-12'), isMonth('2026-13'), isMonth(undefined)]).toEqual([true, false, false])
  })
})
