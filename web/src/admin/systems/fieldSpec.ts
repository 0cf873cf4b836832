import { parse } from 'smol-toml'
import { api, itemsOf, type Schemas } from '@/api/client'

/** What a configuration field of a connector holds, as `GET /systems/kinds` tells it. */
export type FieldType =
  | 'text' | 'secret' | 'integer' | 'fraction' | 'boolean' | 'choice' | 'url' | 'path'
  | 'text_list' | 'text_list_table' | 'integer_table' | 'table' | 'table_list' | 'time_zone'

/** One configuration field; every form is drawn from these and knows no connector. */
export type FieldSpec = Omit<Schemas['SystemField'], 'type'> & { type: FieldType }

/** What a kind of system takes, and the fields of the section `[write]`. */
export type WriterSpec = Omit<Schemas['SystemWriter'], 'fields'> & { fields: FieldSpec[] }

/** One kind of system with its fields in the order of a form. */
export type KindSpec = Omit<Schemas['SystemKind'], 'fields' | 'writer'> & { fields: FieldSpec[]; writer: WriterSpec | null }

/** What a field or a kind is called by a reader of `locale`. */
export function titleOf(named: { title: string; title_zh: string }, locale: string): string {
  return locale.startsWith('zh') ? named.title_zh || named.title : named.title || named.title_zh
}

/** The one sentence about a field in the language of its reader. */
export function descriptionOf(field: FieldSpec, locale: string): string {
  return locale.startsWith('zh') ? field.description_zh || field.description : field.description || field.description_zh
}

/** A default as a value: the hub tells it in the words of a file, `"sha256"` or `2052`. */
export function defaultOf(told: unknown): unknown {
  if (typeof told !== 'string') return told ?? null
  try {
    return parse(`value = ${told}`).value
  } catch {
    return told
  }
}

/** Every kind of system there is. The document leaves the type of a field open: connectors may bring new ones. */
export async function kindSpecs(signal: AbortSignal): Promise<KindSpec[]> {
  const kinds = await itemsOf(api.GET('/api/v1/systems/kinds', { signal }))
  return kinds.map((kind) => ({
    ...kind, fields: kind.fields.map(fieldSpec), writer: kind.writer ? { ...kind.writer, fields: kind.writer.fields.map(fieldSpec) } : null,
  }))
}

const fieldSpec = (field: Schemas['SystemField']): FieldSpec => ({ ...field, type: field.type as FieldType, default: defaultOf(field.default) })
