import type { Schemas } from '@/api/client'

/** Something that the hub found wrong with drafted files. */
type Problem = Schemas['PlanProblem']

/** What the hub found wrong with one section of a file. */
export interface SectionFaults {
  /** By field; what is deeper in the field is named before the message. */
  byField: ReadonlyMap<string, string>
  /** What is about the section as a whole, or about a key that its form does not show. */
  whole: string
}

/** What the hub found wrong with the section of a file, `''` for its head, whose form shows the `fields`. */
export function faultsOf(problems: readonly Problem[], path: string, section: string, fields: readonly { name: string }[], locale: string): SectionFaults {
  const names = new Set(fields.map((field) => field.name))
  const byField = new Map<string, string>()
  const whole: string[] = []
  for (const problem of problems.filter((one) => one.path === path && one.key)) {
    const { at, inner } = placeOf(problem.key ?? '')
    if (at !== section) continue
    const said = locale.startsWith('zh') ? problem.message_zh || problem.message : problem.message
    const [name = '', ...rest] = inner.split('.')
    const key = names.has(name) ? rest.join('.') : inner
    const told = key ? `${key}: ${said}` : said
    if (names.has(name)) byField.set(name, [byField.get(name), told].filter(Boolean).join('\n'))
    else whole.push(told)
  }
  return { byField, whole: whole.join('\n') }
}

/** `[write] key_field` is in a section; `base_url` is in the head. */
function placeOf(key: string): { at: string; inner: string } {
  const [, at, inner] = /^\[([^\]]+)\]\s*(.*)$/.exec(key) ?? []
  return { at: at ?? '', inner: inner ?? key }
}
