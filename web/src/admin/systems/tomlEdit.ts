import { parse, stringify, type TomlTable, type TomlValue } from 'smol-toml'

/** Values to set in a file, by section (`''` is its head) and key; undefined takes the key out. */
export type TomlChanges = Record<string, Record<string, TomlValue | undefined>>

interface Piece { section: string; key?: string; header?: boolean; lines: string[] }

/**
 * A file with some values changed and everything else, comments and order included, as it was.
 *
 * People write these files by hand too: a form that reformats them would make every diff unreadable.
 * A file written in a way that cannot be edited in place (dotted keys, inline sections) is written anew.
 */
export function editToml(text: string, changes: TomlChanges): string {
  const before = parse(text) as TomlTable
  const wanted = applied(before, changes)
  if (same(before, wanted)) return text
  try {
    const edited = editPieces(piecesOf(text), before, changes)
    if (same(parse(edited) as TomlTable, wanted)) return edited
  } catch {
    // Told below: the pieces did not fit together.
  }
  return stringify(wanted)
}

/** Whether two values say the same. */
export function same(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b)
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (value && typeof value === 'object' && !(value instanceof Date)) {
    const table = value as Record<string, unknown>
    return `{${Object.keys(table).sort().map((key) => `${JSON.stringify(key)}:${canonical(table[key])}`).join(',')}}`
  }
  return typeof value === 'bigint' ? `${value}n` : JSON.stringify(value) ?? 'undefined'
}

function applied(before: TomlTable, changes: TomlChanges): TomlTable {
  const after: TomlTable = { ...before }
  for (const [section, values] of Object.entries(changes)) {
    const target: TomlTable = section === '' ? after : { ...(after[section] as TomlTable | undefined) }
    for (const [key, value] of Object.entries(values)) {
      if (value === undefined) delete target[key]
      else target[key] = value
    }
    if (section !== '') {
      const isNew = !(section in before)
      if (!isNew || Object.keys(target).length > 0) after[section] = target
    }
  }
  return after
}

/** Cuts a file into comments, entries and headers; an entry takes as many lines as its value needs. */
function piecesOf(text: string): Piece[] {
  const lines = text.replace(/\r\n/g, '\n').replace(/\n$/, '').split('\n')
  const pieces: Piece[] = []
  let section = ''
  for (let at = 0; at < lines.length; at += 1) {
    const raw = lines[at] ?? ''
    const line = raw.trim()
    const header = /^\[{1,2}\s*([^\]]+?)\s*\]{1,2}/.exec(line)
    if (line === '' || line.startsWith('#')) pieces.push({ section, lines: [raw] })
    else if (header) {
      section = (header[1] ?? '').replace(/^["']|["']$/g, '')
      pieces.push({ section, header: true, lines: [raw] })
    } else {
      let end = at + 1
      while (end < lines.length && !parses(lines.slice(at, end).join('\n'))) end += 1
      const taken = lines.slice(at, end)
      pieces.push({ section, key: Object.keys(parse(taken.join('\n')))[0], lines: taken })
      at = end - 1
    }
  }
  return pieces
}

function parses(text: string): boolean {
  try {
    parse(text)
    return true
  } catch {
    return false
  }
}

function editPieces(pieces: Piece[], before: TomlTable, changes: TomlChanges): string {
  let edited = [...pieces]
  for (const [section, values] of Object.entries(changes)) {
    const old = (section === '' ? before : before[section] ?? {}) as TomlTable
    for (const [key, value] of Object.entries(values)) {
      if (same(old[key], value)) continue
      // Tables have headers of their own: they are taken out whole and written at the end.
      const isTable = isTableLike(old[key]) || isTableLike(value)
      if (section === '' && isTable) edited = withTable(edited, key, value)
      else edited = withEntry(edited, section, key, value)
    }
  }
  return `${edited.flatMap((piece) => piece.lines).join('\n').replace(/\n+$/, '')}\n`
}

function isTableLike(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0 && value.every(isTableLike)
  return typeof value === 'object' && value !== null && !(value instanceof Date)
}

function withTable(pieces: Piece[], key: string, value: TomlValue | undefined): Piece[] {
  const kept = pieces.filter((piece) => piece.section !== key && !piece.section.startsWith(`${key}.`)
    && !(piece.section === '' && piece.key === key))
  if (value === undefined) return kept
  return [...kept, { section: key, header: true, lines: ['', ...stringify({ [key]: value }).trimEnd().split('\n')] }]
}

function withEntry(pieces: Piece[], section: string, key: string, value: TomlValue | undefined): Piece[] {
  const at = pieces.findIndex((piece) => piece.section === section && piece.key === key)
  if (value === undefined) return at < 0 ? pieces : pieces.toSpliced(at, 1)
  const lines = stringify({ [key]: value }).trimEnd().split('\n')
  if (at >= 0) {
    const comment = trailingComment(pieces[at]?.lines ?? [])
    if (comment && lines.length === 1) lines[0] += ` ${comment}`
    return pieces.toSpliced(at, 1, { section, key, lines })
  }
  const piece = { section, key, lines }
  let last = pieces.findLastIndex((other) => other.section === section && (other.key !== undefined || other.header))
  if (last < 0 && section !== '') return [...pieces, { section, header: true, lines: ['', `[${section}]`] }, piece]
  if (last < 0) {
    const firstHeader = pieces.findIndex((other) => other.header)
    last = (firstHeader < 0 ? pieces.length : firstHeader) - 1
  }
  return pieces.toSpliced(last + 1, 0, piece)
}

function trailingComment(lines: string[]): string | undefined {
  const [line] = lines
  if (line === undefined || lines.length !== 1) return undefined
  for (let at = line.indexOf('#'); at >= 0; at = line.indexOf('#', at + 1)) {
    if (parses(line.slice(0, at))) return line.slice(at)
  }
  return undefined
}
