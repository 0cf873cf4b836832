/** How a system is. */
export type SystemStatus = 'green' | 'yellow' | 'red' | 'new' | 'off'

/** A configured system. */
export interface SystemLine {
  name: string
  kind: string
  enabled: boolean
  title: string
  last_run: string | null
  next_run: string | null
  status: SystemStatus
}

/** The answer of a check. */
export interface SystemCheck {
  is_ok: boolean
  items: { what: string; is_ok: boolean; detail: string; hint: string | null }[]
}

/** A stream that a system offers. */
export interface SystemStream {
  stream: string
  title: string
  fields: { name: string; title: string; type: string; is_custom: boolean; is_key: boolean; is_read: boolean }[]
  is_selected: boolean
}

/** The first rows of a stream. */
export interface Preview {
  raw: Record<string, unknown>[]
  mapped: Record<string, unknown>[]
  rejected: { reason: string; message: string; row: Record<string, unknown> }[]
}

/** Where the file of a system is in the configuration. */
export const fileOf = (name: string): string => `systems/${name}.toml`

/** Whether a word can name a system: it becomes part of table names. */
export const isSystemName = (word: string): boolean => /^[a-z0-9]+(_[a-z0-9]+)*$/.test(word)
