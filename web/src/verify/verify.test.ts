import { describe, expect, it } from 'vitest'
import { grouped, joined, splitCodes } from './codes'
import { forget, recall, remember } from './recent'
import { isVerdict, toneOf } from './verdict'

function storage() {
  const kept = new Map<string, string>()
  return { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => void kept.set(key, value), removeItem: (key: string) => void kept.delete(key) }
}

describe('codes', () => {
  it('are separated by any semicolon and asked once, whatever their case', () => {
    expect(splitCodes(' a1;A1；B2\nC3 ;; ')).toEqual(['a1', 'B2', 'C3'])
    expect(joined('A1', 'b2')).toBe('A1;b2')
    expect(joined('A1', 'a1')).toBe('A1')
  })

  it('are shown as the print can be compared', () => {
    expect(grouped('A00000000026P7V')).toBe('A000 0000 0026 P7V')
    expect(grouped('https://a.cn/x')).toBe('https://a.cn/x')
  })
})

describe('a verdict', () => {
  it('of one asked before is no accusation, however often', () => {
    expect([toneOf('genuine_first'), toneOf('recheck'), toneOf('genuine_again')]).toEqual(['good', 'good', 'look'])
  })

  it('nobody has heard of stays open', () => {
    expect(toneOf('something_new')).toBe('open')
    expect(isVerdict('something_new')).toBe(false)
  })
})

describe('what this phone asked', () => {
  it('is kept newest first, each code once', () => {
    const kept = storage()
    remember(kept, [{ code: 'A', verdict: 'genuine_first', checks: 0 }, { code: 'B', verdict: 'unknown', checks: 0 }], '1')
    remember(kept, [{ code: 'A', verdict: 'recheck', checks: 1 }], '2')
    expect(recall(kept).map((entry) => [entry.code, entry.verdict, entry.at])).toEqual([['A', 'recheck', '2'], ['B', 'unknown', '1']])
    forget(kept)
    expect(recall(kept)).toEqual([])
  })

  it('does not stand in the way where it is damaged', () => {
    const kept = storage()
    kept.setItem('yuanliu.verified', '{')
    expect(recall(kept)).toEqual([])
  })
})
