import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import type { Plugin } from 'vite'

/** Files of text; pictures and fonts are compressed as they are. */
const TEXT = /\.(?:js|css|html|svg|json|txt)$/
/** Less than this gains nothing over its own headers. */
const BYTES_MIN = 1024

/** Writes `name.br` and `name.gz` beside every file of text below a folder, where they are smaller. */
export function compress(folder: string): void {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !TEXT.test(entry.name)) continue
    const path = join(entry.parentPath, entry.name)
    const plain = readFileSync(path)
    if (plain.length < BYTES_MIN) continue
    const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: plain.length } }
    for (const [ending, bytes] of [['br', brotliCompressSync(plain, quality)], ['gz', gzipSync(plain, { level: 9 })]] as const) {
      if (bytes.length < plain.length) writeFileSync(`${path}.${ending}`, bytes)
    }
  }
}

/** The hub sends whichever of these a browser takes. */
export const compressed = (): Plugin => {
  let folder = ''
  return {
    name: 'compressed',
    apply: 'build',
    configResolved(config) { folder = config.build.outDir },
    closeBundle() { compress(folder) },
  }
}
