import { describe, expect, it } from 'vitest'
import { fullWidth, rateMarks } from './wilson'

describe('fullWidth', () => {
  it('is the least step that holds every rate', () => {
    expect(fullWidth([0.004, 0.0196])).toBe(0.02)
    expect(fullWidth([0.3195, 0.01])).toBe(0.5)
    expect(fullWidth([1])).toBe(1)
  })
  it('has a width without any rate', () => {
    expect(fullWidth([])).toBe(0.01)
    expect(fullWidth([null])).toBe(0.01)
  })
})

describe('rateMarks', () => {
  it('puts rate and bound on the scale of the column', () => {
    const marks = rateMarks(0.32, 0.25, 0.5)
    expect(marks?.rate).toBeCloseTo(0.64)
    expect(marks?.lower).toBeCloseTo(0.5)
  })
  it('stays within the drawing', () => {
    expect(rateMarks(0.8, 0.7, 0.5)).toEqual({ rate: 1, lower: 1, full: 0.5 })
  })
  it('draws nothing where nothing was located', () => {
    expect(rateMarks(null, null, 0.5)).toBeNull()
  })
})
