import type { Schemas } from '@/api/client'

/** A job of `jobs.toml` with where it stands. */
export type Job = Schemas['Job']
