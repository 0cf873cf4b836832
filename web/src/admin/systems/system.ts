import type { Schemas } from '@/api/client'

/** A configured system. */
export type SystemLine = Schemas['SystemLine']

/** The answer of a check. */
export type SystemCheck = Schemas['SystemCheck']

/** A stream that a system offers. */
export type SystemStream = Schemas['SystemStream']

/** The first rows of a stream. */
export type Preview = Schemas['Preview']

/** Where the file of a system is in the configuration. */
export const fileOf = (name: string): string => `systems/${name}.toml`

/** Whether a word can name a system: it becomes part of table names. */
export const isSystemName = (word: string): boolean => /^[a-z0-9]+(_[a-z0-9]+)*$/.test(word)
