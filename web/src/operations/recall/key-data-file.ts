import { API_BASE, queryText, request } from '@/api/request'
import { csvLine } from './csv'
import { KEY_DATA_COLUMNS, KeyDataSheet } from './key-data'
import type { Words } from './scope'

/** Reads a recall's codes as they come and answers the key data sheet; the codes themselves are not kept. */
export async function keyDataSheet(words: Words, signal?: AbortSignal): Promise<KeyDataSheet> {
  const response = await request(`${API_BASE}/recall/codes${queryText({ ...words, format: 'csv' })}`, signal ? { signal } : {})
  const sheet = new KeyDataSheet()
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return sheet
    sheet.push(value)
  }
}

/** The sheet as a file that a spreadsheet opens as UTF-8. */
export function keyDataCsv(sheet: KeyDataSheet): Blob {
  const lines = sheet.lines().map((line) => csvLine(KEY_DATA_COLUMNS.map((name) => line[name])))
  return new Blob(['\uFEFF', csvLine([...KEY_DATA_COLUMNS]), ...lines], { type: 'text/csv;charset=utf-8' })
}
