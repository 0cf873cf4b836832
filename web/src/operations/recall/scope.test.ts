import { describe, expect, it } from 'vitest'
import { formOf, isBackwards, missingWords, SCOPES, wordsOf } from './scope'

describe('recall scopes', () => {
  it('come back from the words they were sent as', () => {
    for (const kind of Object.keys(SCOPES) as (keyof typeof SCOPES)[]) {
      const form = { kind, ...Object.fromEntries(SCOPES[kind].map((word, i) => [word, `x${i}`])) }
      expect(formOf(wordsOf(form))).toEqual(form)
    }
  })
  it('send nothing that belongs to another way', () => {
    expect(wordsOf({ kind: 'batch', product: 'P', batch: ' B ', material: 'M', lot: 'L' })).toEqual({ product: 'P', batch: 'B' })
  })
  it('name what is missing', () => {
    expect(missingWords({ kind: 'line', line: 'L1', from: ' ' })).toEqual(['from', 'to'])
    expect(missingWords({ kind: 'work_order', work_order: 'MO1' })).toEqual([])
  })
  it('are none if half of a way is given', () => {
    expect(formOf({ material: 'M' })).toBeNull()
    expect(formOf({})).toBeNull()
  })
  it('notice a time whose end comes first', () => {
    expect(isBackwards({ kind: 'line', line: 'L', from: '2026-03-02', to: '2026-03-01' })).toBe(true)
    expect(isBackwards({ kind: 'line', line: 'L', from: '2026-03-01', to: '2026-03-01' })).toBe(false)
  })
})
