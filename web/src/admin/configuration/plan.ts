/** One key that changes. */
export interface KeyChange { path: string; kind: 'added' | 'changed' | 'removed'; key: string; from: string | null; to: string | null }

/** What applying a plan sets off. */
export interface PlanEffect { kind: 'reread' | 'rebuild' | 'restart' | 'none'; object: string; why: string; why_zh: string }

/** Something wrong with the files as drafted. */
export interface PlanProblem { path: string; line: number | null; message: string; message_zh: string }

/** A plan; it can be applied only if it has no problems. */
export interface Plan { plan_id: string; changes: KeyChange[]; effects: PlanEffect[]; problems: PlanProblem[] }

/** A file as it shall be; no text: it is removed. */
export interface FileDraft { path: string; text: string | null }

/** A file as it is. */
export interface ConfigurationFile { path: string; text: string; hash: string }

/** A change that was applied. */
export interface ConfigurationChange { plan_id: string; applied_by: string; applied_at: string; changes: KeyChange[]; effects: PlanEffect[] }

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
