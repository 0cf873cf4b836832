import { titleOf, type FieldSpec } from './fieldSpec'

/** Where the texts have a field's title: under its kind of system where a name means something else there, then by name. */
export const titleKeys = (name: string, kind?: string): string[] => [
  ...(kind ? [`fields.titleOf.${kind}.${name}`] : []), `fields.title.${name}`,
]

/** What people call a field; what the hub calls it where the texts know none, which is its key at worst. */
export function fieldTitle(field: FieldSpec, kind: string | undefined, locale: string, say: (key: string) => string | undefined): string {
  for (const key of titleKeys(field.name, kind)) {
    const title = say(key)
    if (title) return title
  }
  return titleOf(field, locale) || field.name
}
