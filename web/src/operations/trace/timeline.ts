/** A trace along time: what the unit lay in, who had it, and where it was seen. */
import { type Evidence, evidenceOf, type Trace } from './trace'

/** A time with a beginning and an end. */
export interface Span {
  label: string
  kind: 'factory' | 'dealer' | 'nobody' | 'container'
  from: number
  to: number
  /** It has not ended; drawn to the end of the picture. */
  isOpen: boolean
  evidence: Evidence
}

/** A row of the picture. */
export interface Lane {
  kind: 'container' | 'custody'
  depth: number
  spans: Span[]
}

/** A point in time: an event or a sighting. */
export interface Mark {
  at: number
  eventType: string
  eventId: string
  evidence: Evidence
  verdict: string | null
  isVoided: boolean
}

/** The picture's content; without any time there is none. */
export interface Timeline {
  from: number
  to: number
  lanes: Lane[]
  marks: Mark[]
}

/** What is left free at the end for times that have not ended, as a share of the whole. */
const OPEN_END = 0.1

function instant(text: string | null): number | null {
  const time = text ? Date.parse(text) : NaN
  return Number.isNaN(time) ? null : time
}

function containers(trace: Trace, end: number): Lane[] {
  const lanes = new Map<number, Lane>()
  for (const stay of trace.containment) {
    const from = instant(stay.from)
    if (from === null) continue
    const lane = lanes.get(stay.depth) ?? { kind: 'container' as const, depth: stay.depth, spans: [] }
    lanes.set(stay.depth, lane)
    lane.spans.push({
      label: stay.parent_code, kind: 'container', from, to: instant(stay.to) ?? end, isOpen: stay.to === null,
      evidence: stay.depth === 1 ? 'verified' : 'inferred',
    })
  }
  return [...lanes.values()].sort((a, b) => b.depth - a.depth)
}

/** Dealers one after another; what lies before, between and after them is the factory's, or nobody's after a return. */
function custody(trace: Trace, start: number, end: number): Lane {
  const spans: Span[] = []
  let reached = start
  const held = trace.custody
    .map((one) => ({ one, from: instant(one.from), to: instant(one.to) }))
    .filter((row): row is typeof row & { from: number } => row.from !== null)
    .sort((a, b) => a.from - b.from)
  const gap = (to: number, isOpen: boolean) => {
    if (to > reached) {
      const kind = spans.length === 0 ? 'factory' : 'nobody'
      spans.push({ label: '', kind, from: reached, to, isOpen, evidence: 'verified' })
    }
  }
  for (const { one, from, to } of held) {
    gap(from, false)
    spans.push({ label: one.dealer_code, kind: 'dealer', from, to: to ?? end, isOpen: to === null, evidence: evidenceOf(one.evidence) })
    reached = Math.max(reached, to ?? end)
  }
  gap(end, true)
  return { kind: 'custody', depth: 0, spans }
}

/** The picture of a trace. */
export function timelineOf(trace: Trace): Timeline | null {
  const verdicts = new Map(trace.sightings.map((seen) => [seen.event_id, seen.verdict]))
  const marks: Mark[] = []
  for (const move of trace.movements) {
    const at = instant(move.event_time)
    // An event without a valid time is kept in the table; it has no place on an axis.
    if (at === null) continue
    marks.push({
      at, eventType: move.event_type, eventId: move.event_id, evidence: move.inferred ? 'inferred' : 'verified',
      verdict: verdicts.get(move.event_id) ?? null, isVoided: move.is_voided,
    })
  }
  const known = new Set(marks.map((mark) => mark.eventId))
  for (const seen of trace.sightings) {
    const at = instant(seen.sighted_at)
    if (at === null || known.has(seen.event_id)) continue
    marks.push({ at, eventType: seen.event_type, eventId: seen.event_id, evidence: 'verified', verdict: seen.verdict, isVoided: false })
  }
  marks.sort((a, b) => a.at - b.at)
  const times = [
    ...marks.map((mark) => mark.at),
    ...trace.custody.flatMap((one) => [instant(one.from), instant(one.to)]),
    ...trace.containment.flatMap((one) => [instant(one.from), instant(one.to)]),
  ].filter((time): time is number => time !== null)
  if (times.length === 0) return null
  const from = Math.min(...times)
  const last = Math.max(...times)
  const to = last + Math.max((last - from) * OPEN_END, 1)
  return { from, to, lanes: [...containers(trace, to), custody(trace, from, to)], marks }
}
