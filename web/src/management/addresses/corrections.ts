import { api, itemsOf, told, type Schemas } from '@/api/client'

export type CorrectionKind = Schemas['CorrectionKind']
/** A correction of addresses, as kept. */
export type Correction = Schemas['Correction']
export type CorrectionDraft = Schemas['CorrectionDraft']
/** A region of the table, as `GET /regions` lists it. */
export type RegionEntry = Schemas['Region']

export const partsOf = (parent: string): Promise<RegionEntry[]> => itemsOf(api.GET('/api/v1/regions', { params: { query: { parent } } }))

export const corrections = (cursor?: string) => told(api.GET('/api/v1/addresses/corrections', { params: { query: { cursor } } }))

export const saveCorrection = (draft: CorrectionDraft) => told(api.POST('/api/v1/addresses/corrections', { body: draft }))

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
