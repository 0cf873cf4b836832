import type { Schemas } from '@/api/client'

/** A change of a field of a system. */
export type DriftLine = Schemas['DriftLine']

/** The changes of one stream, which are accepted together. */
export interface DriftCard {
  system: string
  stream: string
  policy: DriftLine['policy']
  seen_at: string
  lines: DriftLine[]
  reports: string[]
  /** A field that is gone or has another type can break what reads it; a new one cannot. */
  isRisky: boolean
}

/** One card for each stream; those that can break a report first. */
export function cardsOf(lines: readonly DriftLine[]): DriftCard[] {
  const cards = new Map<string, DriftCard>()
  for (const line of lines) {
    const key = `${line.system}|${line.stream}`
    const card = cards.get(key) ?? { system: line.system, stream: line.stream, policy: line.policy, seen_at: line.seen_at, lines: [], reports: [], isRisky: false }
    card.lines.push(line)
    card.reports = [...new Set([...card.reports, ...line.reports])].sort()
    card.isRisky ||= line.change !== 'new'
    if (line.seen_at < card.seen_at) card.seen_at = line.seen_at
    cards.set(key, card)
  }
  return [...cards.values()].sort((a, b) => Number(b.isRisky) - Number(a.isRisky) || b.reports.length - a.reports.length)
}
