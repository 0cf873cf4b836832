// Fails the build when what the first page needs is larger than the budget, gzipped.
import { firstPage } from './firstPage.mjs'

const BUDGET_KB = 500

const files = firstPage(new URL('../dist/', import.meta.url))
const kb = Math.round(files.reduce((sum, { bytes }) => sum + bytes, 0) / 1000)
console.log(`main bundle: ${kb} kB gzipped in ${files.length} files (budget ${BUDGET_KB} kB)`)
if (files.length === 0 || kb > BUDGET_KB) {
  console.error('the main bundle is over its budget: load what a page alone needs lazily, in that page')
  process.exit(1)
}
