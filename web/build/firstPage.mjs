// What the first page needs: the entry and everything it imports statically, scripts and styles.
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

/** Its files in a folder of a build, each with its size gzipped. */
export function firstPage(dist) {
  const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', dist), 'utf8'))
  const files = new Set()
  const visit = (key) => {
    const chunk = manifest[key]
    if (!chunk || files.has(chunk.file)) return
    files.add(chunk.file)
    for (const style of chunk.css ?? []) files.add(style)
    for (const next of chunk.imports ?? []) visit(next)
  }
  visit('index.html')
  return [...files].map((file) => ({ file, bytes: gzipSync(readFileSync(new URL(file, dist))).length }))
}
