import type { Schemas } from '@/api/client'

/** A run as the hub tells it. */
export type Run = Schemas['Run']
