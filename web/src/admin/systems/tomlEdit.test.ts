import { parse, type TomlTable } from 'smol-toml'
import { describe, expect, it } from 'vitest'
import { editToml } from './tomlEdit'

const FILE = `# 金蝶云星空
kind = "kingdee_galaxy"
enabled = false # until the values are yours

base_url = "http://a/k3cloud/"
list = [
  "one",
  "two",
]
text = """
kind = "not this one"
"""

[sync]
# why
look_back_s = 600

[extra_fields]
product = ["F_A"]
`

describe('editToml', () => {
  it('changes one value and leaves every other line as it was', () => {
    const after = editToml(FILE, { '': { enabled: true } })
    expect(after).toBe(FILE.replace('enabled = false #', 'enabled = true #'))
  })

  it('replaces a value of several lines and does not look into texts', () => {
    const after = editToml(FILE, { '': { list: ['three'], kind: 'files' } })
    expect(parse(after)).toMatchObject({ kind: 'files', list: ['three'], text: 'kind = "not this one"\n' })
    expect(after).toContain('# 金蝶云星空\n')
    expect(after).toContain('enabled = false # until the values are yours')
  })

  it('adds a key to the head before the first section, and to a section', () => {
    const after = editToml(FILE, { '': { acct_id: '65a' }, sync: { streams: ['product'] } })
    expect(parse(after)).toMatchObject({ acct_id: '65a', sync: { look_back_s: 600, streams: ['product'] } })
    expect(after.indexOf('acct_id')).toBeLessThan(after.indexOf('[sync]'))
    expect(after).toContain('# why\nlook_back_s = 600\nstreams = [ "product" ]')
  })

  it('makes a section that was not there, and none for nothing', () => {
    expect(parse(editToml('kind = "files"\n', { sync: { streams: ['a'] } }))).toEqual({ kind: 'files', sync: { streams: ['a'] } })
    expect(editToml('kind = "files"\n', { sync: { streams: undefined } })).toBe('kind = "files"\n')
  })

  it('takes keys and tables out', () => {
    const after = editToml(FILE, { '': { base_url: undefined, extra_fields: undefined } })
    expect(parse(after)).not.toHaveProperty('base_url')
    expect(parse(after)).not.toHaveProperty('extra_fields')
    expect(after).toContain('# why')
  })

  it('writes a table of lists anew under its own header', () => {
    const after = editToml(FILE, { '': { extra_fields: { product: ['F_A', 'F_B'], dealer: ['F_C'] } } })
    expect(parse(after)).toMatchObject({ extra_fields: { product: ['F_A', 'F_B'], dealer: ['F_C'] }, sync: { look_back_s: 600 } })
  })

  it('says the right thing of a file that cannot be edited in place', () => {
    const after = editToml('kind = "files"\nsync = { look_back_s = 1 }\n', { sync: { look_back_s: 2 } })
    expect(parse(after)).toEqual({ kind: 'files', sync: { look_back_s: 2 } })
  })

  it('starts from an empty file', () => {
    expect(parse(editToml('', { '': { kind: 'files', folder: '../in"box' } }))).toEqual({ kind: 'files', folder: '../in"box' })
  })

  it('writes a section with its inner tables as people do', () => {
    const write = { key_field: 'F_YL_Key', submit: true, defaults: { delivery_result: { FStockOrgId: { FNumber: '100' }, FNote: 'x' } }, fields: { inspection_result: { 'lines.a': 'F_X' } } }
    expect(editToml('kind = "a" # one\n', { '': { write } })).toBe(`kind = "a" # one

[write]
key_field = "F_YL_Key"
submit = true

[write.defaults.delivery_result]
FStockOrgId = { FNumber = "100" }
FNote = "x"

[write.fields.inspection_result]
"lines.a" = "F_X"
`)
  })

  it('begins a section that says nothing yet, and takes a section out with what is in it', () => {
    expect(editToml('kind = "a"\n', { '': { write: {} } })).toBe('kind = "a"\n\n[write]\n')
    expect(editToml(WRITTEN, { '': { write: undefined } })).toBe('kind = "a"\n\n# how it is read\n[sync]\nlook_back_s = 1\n')
  })

  it('changes an entry of an inner table and leaves the comments around it', () => {
    const write = structuredClone(parse(WRITTEN).write) as Record<string, Record<string, Record<string, unknown>>>
    Object.assign(write.defaults?.delivery_result ?? {}, { FNote: 'z', FMore: { FNumber: '7' } })
    const after = editToml(WRITTEN, { '': { write: write as TomlTable } })
    expect(after).toBe(WRITTEN.replace('FNote = "x" # of the site', 'FNote = "z" # of the site\nFMore = { FNumber = "7" }'))
  })

  it('adds an inner table beside its like, and takes the last out', () => {
    const { defaults, ...rest } = parse(WRITTEN).write as TomlTable
    const more = { ...(defaults as TomlTable), inspection_result: { FNote: 'y' } }
    const after = editToml(WRITTEN, { '': { write: { ...rest, defaults: more } } })
    expect(after).toBe(WRITTEN.replace('\n\n# how', '\n\n[write.defaults.inspection_result]\nFNote = "y"\n\n# how'))
    expect(editToml(after, { '': { write: rest } })).toBe(WRITTEN.replace(/\n\[write\.defaults[^#]*# of the site\n/, ''))
  })

  it('keeps a table in a line where somebody wrote it in one', () => {
    const file = '[write]\nheader = { a = "1" } # fixed\n# unknown\nother = 1\n'
    expect(editToml(file, { '': { write: { header: { a: '1', b: '2' }, other: 1 } } })).toBe(file.replace('{ a = "1" }', '{ a = "1", b = "2" }'))
  })

  it('writes a list of tables under headers of its own', () => {
    const stream: TomlTable[] = [{ name: 'a', key: ['x'], from: { table: 't' } }, { name: 'b' }]
    const after = editToml('kind = "mysql"\n', { '': { stream } })
    expect(parse(after)).toEqual({ kind: 'mysql', stream })
    expect(after).toContain('[[stream]]\nname = "a"\nkey = [ "x" ]\n\n[stream.from]\ntable = "t"\n\n[[stream]]\nname = "b"\n')
  })
})

const WRITTEN = `kind = "a"

[write]
# the customer's own field
key_field = "F_A"
unknown = 1

[write.defaults.delivery_result]
FNote = "x" # of the site

# how it is read
[sync]
look_back_s = 1
`
