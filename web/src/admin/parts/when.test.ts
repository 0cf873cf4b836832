import { describe, expect, it } from 'vitest'
import { distance, inZone, span } from './when'

describe('moments', () => {
  it('are told by distance', () => {
    const now = Date.parse('2026-03-01T00:00:00Z')
    expect(distance('2026-02-28T21:00:00Z', now, 'zh-CN')).toBe('3小时前')
    expect(distance('2026-03-01T00:05:10Z', now, 'en')).toBe('in 5 minutes')
    expect(distance('nonsense', now, 'en')).toBe('')
  })

  it('are written in the zone of the job, not of the reader', () => {
    expect(inZone('2026-03-01T18:30:00Z', 'Asia/Shanghai')).toBe('2026-03-02 02:30')
    expect(inZone('2026-03-01T18:30:00Z', 'America/New_York')).toBe('2026-03-01 13:30')
    expect(inZone('nonsense', 'Asia/Shanghai')).toBe('nonsense')
  })

  it('last in the unit that reads best', () => {
    expect([span(4.2, 'en'), span(300, 'en'), span(86_400, 'en')]).toEqual(['4.2 sec', '5 min', '24 hr'])
  })
})
