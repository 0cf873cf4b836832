/** CSV as the hub writes it (RFC 4180), read piece by piece: a recall's codes may be half a million lines. */

/** Takes pieces of text and gives whole records. */
export class CsvReader {
  private record: string[] = []
  private field = ''
  private isQuoted = false
  /** A quote was seen inside quotes; the next character tells whether it ends them. */
  private isQuote = false
  private isAfterReturn = false
  private isFirst = true

  /** Records that ended in this piece. */
  push(piece: string): string[][] {
    const records: string[][] = []
    for (const character of piece) {
      if (this.isFirst) {
        this.isFirst = false
        if (character === '\uFEFF') continue
      }
      this.take(character, records)
    }
    return records
  }

  /** The last record, if it does not end with a line break. */
  end(): string[][] {
    if (this.record.length === 0 && this.field === '') return []
    return [this.closed()]
  }

  private closed(): string[] {
    const record = [...this.record, this.field]
    this.record = []
    this.field = ''
    this.isQuoted = false
    this.isQuote = false
    return record
  }

  private take(character: string, records: string[][]): void {
    if (this.isQuoted && !this.isQuote) {
      if (character === '"') this.isQuote = true
      else this.field += character
      return
    }
    if (this.isQuote) {
      this.isQuote = false
      if (character === '"') {
        this.field += '"'
        return
      }
      this.isQuoted = false
    }
    const isAfterReturn = this.isAfterReturn
    this.isAfterReturn = character === '\r'
    if (character === '"' && this.field === '') this.isQuoted = true
    else if (character === ',') {
      this.record.push(this.field)
      this.field = ''
    } else if (character === '\n' && isAfterReturn) return
    else if (character === '\n' || character === '\r') records.push(this.closed())
    else this.field += character
  }
}

/** A record as a line. A cell that a spreadsheet would take for a formula is kept as text. */
export function csvLine(cells: readonly (string | number | null | undefined)[]): string {
  const written = cells.map((cell) => {
    let text = cell === null || cell === undefined ? '' : String(cell)
    if (typeof cell === 'string' && /^[=+\-@\t]/.test(text)) text = `'${text}`
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
  })
  return `${written.join(',')}\r\n`
}
