import { parse, stringify, type TomlTable, type TomlValue } from 'smol-toml'
import { piecesOf, trailingComment, type TomlPiece } from './tomlPieces'
import { isTable, isTableLike } from './tomlTable'
import { entryText, HEADER_DEPTH, sectionLines } from './tomlText'

/** Values to set in a file, by section (`''` is its head) and key; undefined takes the key out. */
export type TomlChanges = Record<string, Record<string, TomlValue | undefined>>

type Path = readonly string[]

/**
 * A file with some values changed and everything else, comments and order included, as it was.
 *
 * People write these files by hand too: a form that reformats them would make every diff unreadable.
 * A file written in a way that cannot be edited in place (inline sections) is written anew.
 */
export function editToml(text: string, changes: TomlChanges): string {
  const before = parse(text) as TomlTable
  const wanted = applied(before, changes)
  if (same(before, wanted)) return text
  try {
    const pieces = withTable(piecesOf(text), [], before, wanted)
    const edited = `${pieces.flatMap((piece) => piece.lines).join('\n').replace(/\n+$/, '')}\n`
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

/** Makes the table at `path` say what is wanted; tables that have headers are gone into, so that what is around stays. */
function withTable(pieces: TomlPiece[], path: Path, before: TomlTable, wanted: TomlTable): TomlPiece[] {
  let edited = pieces
  for (const key of new Set([...Object.keys(before), ...Object.keys(wanted)])) {
    const [was, is] = [before[key], wanted[key]]
    if (same(was, is)) continue
    const inner = [...path, key]
    const hasHeader = edited.some((piece) => piece.isHeader && isWithin(piece.path, inner))
    edited = isTable(was) && isTable(is) && hasHeader ? withTable(edited, inner, was, is) : withValue(edited, path, key, is)
  }
  return edited
}

function withValue(pieces: TomlPiece[], path: Path, key: string, value: TomlValue | undefined): TomlPiece[] {
  const inner = [...path, key]
  const isEntry = (piece: TomlPiece): boolean => piece.key === key && isAt(piece.path, path)
  const entry = pieces.find(isEntry)
  const kept = pieces.filter((piece) => piece === entry || !(isEntry(piece) || isWithin(piece.path, inner)))
  if (value === undefined) return kept.filter((piece) => piece !== entry)
  if (entry) {
    const comment = trailingComment(entry.lines)
    const lines = [`${entryText(key, value)}${comment ? ` ${comment}` : ''}`]
    return kept.map((piece) => (piece === entry ? { ...piece, lines } : piece))
  }
  if (isTableLike(value) && inner.length <= HEADER_DEPTH) return withSection(kept, inner, value)
  return withEntry(kept, path, { path, key, lines: [entryText(key, value)] })
}

/** Adds a table with headers of its own behind what belongs to the table it is in. */
function withSection(pieces: TomlPiece[], path: Path, value: TomlValue): TomlPiece[] {
  const around = path.slice(0, -1)
  const last = around.length === 0 ? -1 : pieces.findLastIndex((piece) => isTelling(piece) && isWithin(piece.path, around))
  const section = { path, isHeader: true, lines: ['', ...sectionLines(path, value)] }
  return last < 0 ? [...pieces, section] : pieces.toSpliced(last + 1, 0, section)
}

/** Adds an entry behind the others of its section, which is begun where there is none. */
function withEntry(pieces: TomlPiece[], path: Path, entry: TomlPiece): TomlPiece[] {
  const last = pieces.findLastIndex((piece) => isTelling(piece) && isAt(piece.path, path))
  if (last >= 0) return pieces.toSpliced(last + 1, 0, entry)
  if (path.length === 0) {
    const firstHeader = pieces.findIndex((piece) => piece.isHeader || piece.path.length > 0)
    return pieces.toSpliced(firstHeader < 0 ? pieces.length : firstHeader, 0, entry)
  }
  const header = sectionLines(path, {})
  const firstInner = pieces.findIndex((piece) => isWithin(piece.path, path))
  if (firstInner < 0) return [...pieces, { path, isHeader: true, lines: ['', ...header] }, entry]
  return pieces.toSpliced(firstInner, 0, { path, isHeader: true, lines: header }, entry, { path, lines: [''] })
}

const isTelling = (piece: TomlPiece): boolean => piece.key !== undefined || piece.isHeader === true

const isWithin = (path: Path, outer: Path): boolean => path.length >= outer.length && outer.every((name, at) => path[at] === name)

const isAt = (path: Path, other: Path): boolean => path.length === other.length && isWithin(path, other)
