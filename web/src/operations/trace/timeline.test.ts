import { describe, expect, it } from 'vitest'
import { timelineOf } from './timeline'
import { traceSample } from './trace-sample'

const at = (text: string) => Date.parse(text)

describe('timelineOf', () => {
  it('tells who had the unit without a gap', () => {
    const custody = timelineOf(traceSample())!.lanes.at(-1)!
    expect(custody.spans.map((s) => [s.kind, s.label, s.isOpen])).toEqual([
      ['factory', '', false],
      ['dealer', 'D1', false],
      ['nobody', '', false],
      ['dealer', 'D2', false],
      ['dealer', 'D3', true],
    ])
    custody.spans.slice(1).forEach((span, i) => expect(span.from).toBe(custody.spans[i]!.to))
  })
  it('leaves goods that came back with nobody until the end', () => {
    const trace = traceSample()
    trace.custody = [{ ...trace.custody[0]! }]
    const { lanes, to } = timelineOf(trace)!
    expect(lanes.at(-1)!.spans.at(-1)).toMatchObject({ kind: 'nobody', isOpen: true, to })
  })
  it('has the outermost container on top', () => {
    expect(timelineOf(traceSample())!.lanes.map((l) => [l.kind, l.depth])).toEqual([['container', 2], ['container', 1], ['custody', 0]])
  })
  it('begins with the first event and leaves room for what goes on', () => {
    const { from, to } = timelineOf(traceSample())!
    expect(from).toBe(at('2026-01-06T08:00:00+08:00'))
    expect(to).toBeGreaterThan(at('2026-01-20T08:00:00+08:00'))
  })
  it('marks sightings with their verdict once, and leaves out events without a time', () => {
    const { marks } = timelineOf(traceSample())!
    expect(marks.filter((m) => m.eventId === 'E6')).toEqual([
      { at: at('2026-01-20T08:00:00+08:00'), eventType: 'verify', eventId: 'E6', evidence: 'verified', verdict: 'off_territory', isVoided: false },
    ])
    expect(marks.some((m) => m.eventId === 'E7')).toBe(false)
  })
  it('is nothing without a time', () => {
    expect(timelineOf({ ...traceSample(), movements: [], custody: [], containment: [], sightings: [] })).toBeNull()
  })
})
