import type { Plugin } from 'vite'

/** Style sheets at the end of the body, so that the frame in `index.html` is painted before they have arrived. */
export function stylesLast(html: string): string {
  const sheets = html.match(/ *<link rel="stylesheet"[^>]*>\n?/g) ?? []
  const without = sheets.reduce((text, sheet) => text.replace(sheet, ''), html)
  return without.replace(/ *<\/body>/, (end) => sheets.map((sheet) => sheet.trimEnd() + '\n').join('') + end)
}

export const lateStyles = (): Plugin => ({
  name: 'late-styles',
  apply: 'build',
  transformIndexHtml: { order: 'post', handler: stylesLast },
})
