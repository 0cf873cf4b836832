/** More are not asked for at once: the hub counts codes a minute for each address. */
export const CODES_MAX = 20

/** The codes of a text: separated by `;` (full width too), blanks or new lines, each once. */
export function splitCodes(text: string): string[] {
  const codes = text.split(/[;；\n\r\t ,，]+/u).map((code) => code.normalize('NFKC').trim()).filter(Boolean)
  const seen = new Set<string>()
  return codes.filter((code) => {
    const key = code.toUpperCase()
    return seen.has(key) ? false : seen.add(key)
  })
}

/** A code with others, as the field shows them. */
export function joined(text: string, code: string): string {
  return splitCodes(`${text};${code}`).join(';')
}

/** A long code in groups of four, so that it can be compared with the print. */
export function grouped(code: string): string {
  return code.length > 8 && /^[A-Z0-9]+$/i.test(code) ? code.replace(/(.{4})(?=.)/g, '$1 ') : code
}
