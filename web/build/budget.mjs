// Fails the build when what the first page needs is larger than the budget: the entry and everything it imports
// statically, scripts and styles, gzipped.
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

const BUDGET_KB = 500
const DIST = new URL('../dist/', import.meta.url)

const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', DIST), 'utf8'))
const files = new Set()
const visit = (key) => {
  const chunk = manifest[key]
  if (!chunk || files.has(chunk.file)) return
  files.add(chunk.file)
  for (const style of chunk.css ?? []) files.add(style)
  for (const next of chunk.imports ?? []) visit(next)
}
visit('index.html')
let bytes = 0
for (const file of files) bytes += gzipSync(readFileSync(new URL(file, DIST))).length
const kb = Math.round(bytes / 1000)
console.log(`main bundle: ${kb} kB gzipped in ${files.size} files (budget ${BUDGET_KB} kB)`)
if (files.size === 0 || kb > BUDGET_KB) {
  console.error('the main bundle is over its budget: load what a page alone needs lazily, in that page')
  process.exit(1)
}
