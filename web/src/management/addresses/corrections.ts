import { get, post } from '@/api/request'
import type { components } from '@/api/schema'

export type CorrectionKind = components['schemas']['CorrectionKind']
/** A correction of addresses, as kept. */
export type Correction = components['schemas']['Correction']
export type CorrectionDraft = components['schemas']['CorrectionDraft']
/** A region of the table, as `GET /regions` lists it. */
export type RegionEntry = components['schemas']['Region']

export const partsOf = async (parent: string): Promise<RegionEntry[]> =>
  (await get<{ items: RegionEntry[] }>('/regions', { parent })).items

export const corrections = (cursor?: string | null) =>
  get<{ items: Correction[]; next_cursor: string | null }>('/addresses/corrections', { cursor })

export const saveCorrection = (draft: CorrectionDraft) => post('/addresses/corrections', draft)

/** What is wrong with a pattern for an address: nothing, its writing, or that it misses the address. */
export function faultOfPattern(text: string, address: string): { kind: 'bad'; reason: string } | { kind: 'misses' } | null {
  try {
    return new RegExp(text, 'u').test(address) ? null : { kind: 'misses' }
  } catch (error) {
    return { kind: 'bad', reason: error instanceof Error ? error.message : String(error) }
  }
}

/** A pattern that matches this address and nothing else, to begin with. */
export const patternOf = (address: string): string => address.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
