import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { compress } from './compressed'

it('keeps smaller copies of files of text, and of nothing else', () => {
  const folder = mkdtempSync(join(tmpdir(), 'compressed-'))
  const text = 'export const name = "源流"\n'.repeat(200)
  writeFileSync(join(folder, 'entry.js'), text)
  writeFileSync(join(folder, 'small.js'), 'export {}')
  writeFileSync(join(folder, 'picture.png'), text)
  compress(folder)
  expect(readdirSync(folder).sort()).toEqual(['entry.js', 'entry.js.br', 'entry.js.gz', 'picture.png', 'small.js'])
  expect(brotliDecompressSync(readFileSync(join(folder, 'entry.js.br'))).toString()).toBe(text)
  expect(gunzipSync(readFileSync(join(folder, 'entry.js.gz'))).toString()).toBe(text)
})
