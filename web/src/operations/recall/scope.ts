/** The five ways to say what is recalled; the words are those of the API. */

/** A way to say it, with the words it needs. All of them have to be given. */
export const SCOPES = {
  lot: ['material', 'lot'],
  batch: ['product', 'batch'],
  work_order: ['work_order'],
  line: ['line', 'from', 'to'],
  codes: ['codes_from', 'codes_to'],
} as const

/** One of the ways. */
export type ScopeKind = keyof typeof SCOPES

/** A word of a scope. */
export type ScopeWord = (typeof SCOPES)[ScopeKind][number]

/** All ways, in the order they are offered. */
export const SCOPE_KINDS = Object.keys(SCOPES) as ScopeKind[]

/** What was filled in. */
export type ScopeForm = { kind: ScopeKind; as_of?: string } & Partial<Record<ScopeWord, string>>

/** A query, as words of the address line or of the API. */
export type Words = Record<string, string>

/** Words still missing; none: the form can be sent. */
export function missingWords(form: ScopeForm): ScopeWord[] {
  return SCOPES[form.kind].filter((word) => !form[word]?.trim())
}

/** Whether a time's end lies before its beginning. Both are written year first, so that text orders them. */
export function isBackwards(form: ScopeForm): boolean {
  return form.kind === 'line' && !!form.from && !!form.to && form.from > form.to
}

/** The words to send: those of the chosen way only, whatever else was filled in before. */
export function wordsOf(form: ScopeForm): Words {
  const words: Words = {}
  for (const word of SCOPES[form.kind]) words[word] = (form[word] ?? '').trim()
  if (form.as_of) words.as_of = form.as_of
  return words
}

/** The form that words stand for; `null` if they name no scope. */
export function formOf(words: Record<string, unknown>): ScopeForm | null {
  const text = (word: string) => (typeof words[word] === 'string' ? (words[word] as string) : '')
  const kind = SCOPE_KINDS.find((one) => SCOPES[one].every((word) => text(word).trim()))
  if (!kind) return null
  const form: ScopeForm = { kind }
  for (const word of SCOPES[kind]) form[word] = text(word)
  if (text('as_of')) form.as_of = text('as_of')
  return form
}
