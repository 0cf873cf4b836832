import { parse } from 'smol-toml'
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
})
