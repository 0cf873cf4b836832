/** The answer of `GET /trace/{code}`, as the API's document describes it. */
import type { Schemas } from '@/api/client'

/** The hub writes what it does not know as null and leaves nothing out, which the document allows it to. */
type Written<T> = T extends (infer One)[]
  ? Written<One>[]
  : T extends object
    ? { [Name in keyof T]-?: Written<Exclude<T[Name], undefined>> }
    : T

/** Everything known about one code. */
export type Trace = Written<Schemas['Trace']>
/** A lot that went into the unit, through semi-finished lots from depth 2 on. */
export type TracedMaterial = Trace['materials'][number]
/** An inspection of the batch or of one of its lots. */
export type TracedInspection = Trace['inspections'][number]
/** A time that the unit lay in a container; depth 1 is the container around it. */
export type TracedContainment = Trace['containment'][number]
/** An event of the unit or of what held it. */
export type TracedMovement = Trace['movements'][number]
/** A time that one dealer had the unit. */
export type TracedCustody = Trace['custody'][number]
/** A sell, verify, open or check of the unit. */
export type TracedSighting = Trace['sightings'][number]
/** Hours between two nodes that the unit passed. */
export type TracedDwell = Trace['dwell'][number]

/** Whether a fact was scanned on the code itself or follows from what it lay in. */
export type Evidence = 'verified' | 'inferred'

/** What the answer says of a fact; whatever is not said to be scanned is not taken to be. */
export const evidenceOf = (said: string): Evidence => (said === 'verified' ? 'verified' : 'inferred')

/** Whether anything is known of the code. A code never commissioned may still have been scanned. */
export function isKnown(trace: Trace): boolean {
  return trace.status !== 'unknown' || trace.movements.length > 0 || trace.sightings.length > 0
}
