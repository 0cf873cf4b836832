import { get, post } from '@/api/request'

export type CorrectionKind = 'exact' | 'pattern'

/** A correction of addresses, as kept. */
export interface Correction {
  kind: CorrectionKind
  text: string
  region_code: string
  note: string
  made_by: string | null
  made_at: string | null
}

export type CorrectionDraft = Pick<Correction, 'kind' | 'text' | 'region_code' | 'note'>

/** A region of the table, as `GET /regions` lists it. */
export interface RegionEntry {
  region_code: string
  name: string
  level: 'province' | 'city' | 'county'
  parent_code: string | null
  has_children: boolean
}

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
