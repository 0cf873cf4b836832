/** A field that a Rust source declares, and where. */
export interface DeclaredField { name: string; at: string }

/** The forms of a value of `FieldSpec`: a literal, or what a closure or a function of the file makes of a name. */
const VALUE = /(?<made>(?:let\s+(?<closure>\w+)\s*=\s*(?:move\s*)?\|\s*name\b[^|]*\|\s*)|(?:fn\s+(?<function>\w+)\s*\(\s*name\s*:[^)]*\)\s*->\s*FieldSpec\s*\{\s*))?\bFieldSpec\s*\{/g

/**
 * The names of the configuration fields that a Rust source declares, for the test that every one of them has a title.
 *
 * Throws on a way of declaring that it cannot read: a field that is passed over in silence would go without a title.
 */
export function declaredFields(source: string, at: string): DeclaredField[] {
  const code = withoutComments(source)
  const found: string[] = []
  for (const value of code.matchAll(VALUE)) {
    const maker = value.groups?.closure ?? value.groups?.function
    const before = code.slice(Math.max(0, value.index - 12), value.index)
    if (/(?:struct|impl|for|->)\s+$/.test(before)) continue
    if (maker) found.push(...givenTo(maker, value.groups?.closure ? blockFrom(code, value.index) : code, at))
    else found.push(nameIn(code.slice(value.index), at))
  }
  if (/\bFieldSpec::\w+/.test(code)) throw new Error(`${at}: a field is made by a function of FieldSpec, which this does not read`)
  return found.map((name) => ({ name, at }))
}

/** The names that are given to a closure or a function that makes fields. */
function givenTo(maker: string, code: string, at: string): string[] {
  const calls = [...code.matchAll(new RegExp(`(?<!fn\\s+)(?<![\\w.:])${maker}\\s*\\(\\s*(?:"(\\w+)"|(?=(\\S{1,20})))`, 'g'))]
  const named = calls.map(([, name, other]) => name ?? unreadable(`${maker}(${other}`, at))
  return named.length > 0 ? named : unreadable(`${maker}, which nothing calls`, at)
}

/** From a place to the end of the block that it stands in, as rustfmt indents it; another may use the name for something else. */
function blockFrom(code: string, start: number): string {
  const indent = start - (code.lastIndexOf('\n', start - 1) + 1)
  const end = indent > 0 ? code.slice(start).search(new RegExp(`\\n {0,${indent - 1}}\\}`)) : -1
  return end < 0 ? code.slice(start) : code.slice(start, start + end)
}

function nameIn(value: string, at: string): string {
  return /^FieldSpec\s*\{\s*name:\s*"(\w+)"/.exec(value)?.[1] ?? unreadable(value.slice(0, 60), at)
}

function unreadable(what: string, at: string): never {
  throw new Error(`${at}: cannot tell the name of a field from \`${what}\``)
}

const withoutComments = (source: string): string => source.replace(/^\s*\/\/.*$/gm, '')
