/** What a configuration field of a connector holds, as `GET /systems/kinds` tells it. */
export type FieldType =
  | 'text' | 'secret' | 'integer' | 'fraction' | 'boolean' | 'choice' | 'url' | 'path'
  | 'text_list' | 'text_list_table' | 'integer_table' | 'table' | 'table_list' | 'time_zone'

/** One configuration field; every form is drawn from these and knows no connector. */
export interface FieldSpec {
  name: string
  type: FieldType
  title: string
  title_zh: string
  description: string
  description_zh: string
  required: boolean
  secret: boolean
  default: unknown
  choices: string[]
  min: number | null
  max: number | null
}

/** One kind of system with its fields in the order of a form. */
export interface KindSpec {
  kind: string
  title: string
  title_zh: string
  fields: FieldSpec[]
}

/** What a field or a kind is called by a reader of `locale`. */
export function titleOf(named: { title: string; title_zh: string }, locale: string): string {
  return locale.startsWith('zh') ? named.title_zh || named.title : named.title || named.title_zh
}

/** The one sentence about a field in the language of its reader. */
export function descriptionOf(field: FieldSpec, locale: string): string {
  return locale.startsWith('zh') ? field.description_zh || field.description : field.description || field.description_zh
}
