import { parse, type TomlTable, type TomlValue } from 'smol-toml'

/** Lines of a file that belong together: an entry with its key, a header, or a line that says nothing. */
export interface TomlPiece {
  /** The section it stands in; none for the head. */
  path: readonly string[]
  key?: string
  isHeader?: boolean
  lines: string[]
}

/** Cuts a file into comments, entries and headers; an entry takes as many lines as its value needs. */
export function piecesOf(text: string): TomlPiece[] {
  const lines = text.replace(/\r\n/g, '\n').replace(/\n$/, '').split('\n')
  const pieces: TomlPiece[] = []
  let path: readonly string[] = []
  for (let at = 0; at < lines.length; at += 1) {
    const raw = lines[at] ?? ''
    const line = raw.trim()
    if (line === '' || line.startsWith('#')) pieces.push({ path, lines: [raw] })
    else if (line.startsWith('[')) {
      path = pathOf(line)
      // Comments right above a header are about what follows.
      for (let above = pieces.length - 1; above >= 0 && pieces[above]?.lines[0]?.trim().startsWith('#'); above -= 1) {
        const comment = pieces[above]
        if (!comment || comment.key !== undefined) break
        comment.path = path
      }
      pieces.push({ path, isHeader: true, lines: [raw] })
    } else {
      let end = at + 1
      while (end < lines.length && !parses(lines.slice(at, end).join('\n'))) end += 1
      const taken = lines.slice(at, end)
      pieces.push({ path, key: Object.keys(parse(taken.join('\n')))[0], lines: taken })
      at = end - 1
    }
  }
  return pieces
}

/** The comment behind an entry of one line. */
export function trailingComment(lines: readonly string[]): string | undefined {
  const [line] = lines
  if (line === undefined || lines.length !== 1) return undefined
  for (let at = line.indexOf('#'); at >= 0; at = line.indexOf('#', at + 1)) {
    if (parses(line.slice(0, at))) return line.slice(at)
  }
  return undefined
}

/** The names in a header: `[a."b.c"]` and `[[a."b.c"]]` are both at `a`, `b.c`. */
function pathOf(header: string): string[] {
  const path: string[] = []
  let table: TomlTable | undefined = parse(header) as TomlTable
  while (table) {
    const [key]: string[] = Object.keys(table)
    if (key === undefined) break
    path.push(key)
    const inner: TomlValue | undefined = table[key]
    table = (Array.isArray(inner) ? inner[0] : inner) as TomlTable | undefined
  }
  return path
}

function parses(text: string): boolean {
  try {
    parse(text)
    return true
  } catch {
    return false
  }
}
