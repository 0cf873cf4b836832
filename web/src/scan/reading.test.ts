import { describe, expect, it } from 'vitest'
import { SeenOnce } from './camera'
import { GunReader } from './gun'

describe('reading', () => {
  it('tells a gun from a hand', () => {
    const codes: string[] = []
    const gun = new GunReader((code) => codes.push(code))
    let at = 1000
    for (const key of [...'A0000B', 'Enter']) { at += 10; gun.key(key, at) }
    for (const key of [...'slow', 'Enter']) { at += 200; gun.key(key, at) }
    expect(gun.key('Enter', at + 5)).toBe(false)
    expect(codes).toEqual(['A0000B'])
  })

  it('tells a code again only after it was out of sight', () => {
    const once = new SeenOnce()
    expect([once.isNew('A', 0), once.isNew('A', 1000), once.isNew('A', 3400), once.isNew('A', 6000)]).toEqual([true, false, false, true])
  })
})
