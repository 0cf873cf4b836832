import type { Schemas } from '@/api/client'

/** One key that changes. */
export type KeyChange = Schemas['KeyChange']

/** What applying a plan sets off. */
export type PlanEffect = Schemas['PlanEffect']

/** A plan; it can be applied only if it has no problems. */
export type Plan = Schemas['Plan']

/** Where a problem is, as the hub's own messages say it: `systems/erp.toml: [write] key_field`. */
export function placeOf({ path, line, key }: Schemas['PlanProblem']): string {
  return `${path}${line ? `:${line}` : ''}${key ? `: ${key}` : ''}`
}

/** A file as it shall be; no text: it is removed. */
export type FileDraft = Required<Schemas['FileDraft']>

/** A file as it is. */
export type ConfigurationFile = Schemas['ConfigurationFile']

/** The files of an editor that differ from those of the hub: new, changed and removed ones. */
export function draftsOf(files: readonly ConfigurationFile[], edited: ReadonlyMap<string, string | null>): FileDraft[] {
  const now = new Map(files.map((file) => [file.path, file.text]))
  return [...edited].filter(([path, text]) => (text === null ? now.has(path) : now.get(path) !== text))
    .map(([path, text]) => ({ path, text }))
    .sort((a, b) => a.path.localeCompare(b.path))
}

/** Whether a word can be the path of a configuration file. */
export function isFilePath(word: string): boolean {
  return /^([a-z0-9_-]+\/)*[a-z0-9_.-]+\.(toml|csv|sql)$/i.test(word) && !word.includes('..')
}
