import { describe, expect, it } from 'vitest'
import { csvLine, CsvReader } from './csv'

const text = 'code,name\r\nA1,"乌龙, ""典藏""\n500ml"\nA2,\r\nA3,x'
const records = [['code', 'name'], ['A1', '乌龙, "典藏"\n500ml'], ['A2', ''], ['A3', 'x']]

describe('CsvReader', () => {
  it('reads the same however the text is cut', () => {
    for (let size = 1; size <= text.length; size += 1) {
      const reader = new CsvReader()
      const found: string[][] = []
      for (let at = 0; at < text.length; at += size) found.push(...reader.push(text.slice(at, at + size)))
      found.push(...reader.end())
      expect(found).toEqual(records)
    }
  })
  it('leaves out the mark at the beginning', () => {
    const reader = new CsvReader()
    expect(reader.push('\uFEFFa,b\n')).toEqual([['a', 'b']])
    expect(reader.end()).toEqual([])
  })
})

describe('csvLine', () => {
  it('is read back as it was', () => {
    for (const record of records) expect(new CsvReader().push(csvLine(record))).toEqual([record])
  })
  it('hands no formula to a spreadsheet', () => {
    expect(csvLine(['=1+1', -2, null])).toBe("'=1+1,-2,\r\n")
  })
})
