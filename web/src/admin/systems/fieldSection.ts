import type { TomlTable, TomlValue } from 'smol-toml'
import { computed, reactive, shallowRef, watch, type ComputedRef, type Ref } from 'vue'
import type { FieldSpec } from './fieldSpec'
import { problemOf, toForm, toToml, type FieldProblem, type FormValue } from './fieldValue'
import { same } from './tomlEdit'

/** The fields of one section of a file as a form holds them. */
export interface FieldSection {
  held: Readonly<Record<string, FormValue>>
  set: (name: string, value: FormValue) => void
  /** What the file shall say otherwise; undefined: the key is taken out. */
  changes: ComputedRef<Record<string, TomlValue | undefined>>
  /** What is wrong before the hub is asked. */
  problems: ComputedRef<ReadonlyMap<string, FieldProblem>>
  /** Takes what the hub found wrong, by field. */
  tell: (faults: ReadonlyMap<string, string>) => void
  /** What the hub found wrong, as far as no edit since may have put it right. */
  told: Readonly<Ref<ReadonlyMap<string, string>>>
}

/** Holds the fields of a section that says `table` now. */
export function useFieldSection(fields: () => readonly FieldSpec[], table: () => TomlTable): FieldSection {
  const held = reactive<Record<string, FormValue>>({})
  const told = shallowRef<ReadonlyMap<string, string>>(new Map())
  const valueOf = (field: FieldSpec): TomlValue | undefined => toToml(field, held[field.name])
  watch([fields, table], ([specs, now]) => {
    for (const field of specs) held[field.name] = toForm(field, now[field.name])
    told.value = new Map()
  }, { immediate: true })

  return {
    held,
    set: (name, value) => {
      held[name] = value
      // A field with nothing wrong may be what another's fault is about: `audit` needs `submit`.
      told.value = new Map(told.value.has(name) ? [...told.value].filter(([other]) => other !== name) : [])
    },
    // A value that says what the file or the default says already is not written.
    changes: computed(() => Object.fromEntries(fields()
      .filter((field) => !same(valueOf(field) ?? null, toToml(field, toForm(field, table()[field.name])) ?? null))
      .map((field) => [field.name, valueOf(field)]))),
    problems: computed(() => new Map(fields().flatMap((field) => {
      const problem = problemOf(field, held[field.name])
      return problem ? [[field.name, problem] as const] : []
    }))),
    tell: (faults) => { told.value = faults },
    told,
  }
}
