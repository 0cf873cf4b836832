import { expect, test } from 'vitest'
import { mondayOf, periodOf, readPeriod, shifted, today, trendOf } from './period'

test('weeks begin on Monday, months end on their last day', () => {
  expect(mondayOf('2026-11-29')).toBe('2026-11-23')
  expect(mondayOf('1969-12-31')).toBe('1969-12-29')
  expect(periodOf('month', '2028-02-10')).toEqual({ grain: 'month', from: '2028-02-01', to: '2028-02-29' })
})

test('the address is read with care', () => {
  expect(readPeriod({ grain: '', from: '', to: '' }, '2026-11-28')).toEqual({ grain: 'month', from: '2026-11-01', to: '2026-11-30' })
  expect(readPeriod({ grain: 'month', from: 'x', to: '' }, '2026-11-28').from).toBe('2026-11-01')
  expect(readPeriod({ grain: 'total', from: '2026-05-02', to: '2026-05-01' }, '2026-11-28')).toEqual({
    grain: 'total', from: '2026-05-01', to: '2026-05-02',
  })
})

test('one period on and back is the same', () => {
  for (const grain of ['day', 'week', 'month'] as const) {
    const period = periodOf(grain, '2026-01-31')
    expect(shifted(shifted(period, 1), -1)).toEqual(period)
  }
  const stretch = { grain: 'total', from: '2026-01-01', to: '2026-01-10' } as const
  expect(shifted(stretch, 1)).toEqual({ grain: 'total', from: '2026-01-11', to: '2026-01-20' })
})

test('a trend holds twelve months, today the last of it', () => {
  expect(trendOf(periodOf('month', '2026-11-03'), '2026-11-28')).toEqual({ grain: 'month', from: '2025-12-01', to: '2026-11-28' })
})

test('today is that of the business', () => {
  expect(today(new Date('2026-11-28T17:00:00Z'))).toBe('2026-11-29')
})
