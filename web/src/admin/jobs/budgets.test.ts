import { describe, expect, it } from 'vitest'
import { budgetLines, daysOf } from './budgets'

const FILE = `
[budgets.erp_main]
otherwise = 600
windows = [
  { days = "MON-FRI", from = "08:30", to = "18:00", calls_per_minute = 120 },
  { days = "SAT", from = "22:00", to = "06:00", calls_per_minute = 60 },
]
`
const inForce = (at: string) => budgetLines(FILE, new Date(at)).find((line) => line.isNow)?.calls_per_minute

describe('call budgets', () => {
  it('count by the hour of their zone', () => {
    expect(inForce('2026-03-02T00:29:00Z')).toBe(600)
    expect(inForce('2026-03-02T00:30:00Z')).toBe(120)
    expect(inForce('2026-03-02T10:00:00Z')).toBe(600)
  })

  it('over midnight belong to the day they begin on', () => {
    expect(inForce('2026-02-28T21:00:00Z')).toBe(60)
    expect(inForce('2026-03-01T21:00:00Z')).toBe(600)
  })

  it('name days in words', () => {
    expect(daysOf('MON-FRI')).toEqual([1, 2, 3, 4, 5])
    expect(daysOf('sat,SUN')).toEqual([6, 0])
    expect(daysOf('FRI-MON')).toEqual([5, 6, 0, 1])
    expect(daysOf('')).toHaveLength(7)
  })

  it('of a file that is none are none', () => {
    expect(budgetLines('[budgets', new Date())).toEqual([])
    expect(budgetLines('', new Date())).toEqual([])
  })
})
