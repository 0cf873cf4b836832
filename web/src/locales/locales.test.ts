import { expect, test } from 'vitest'
import chinese from './zh-CN'
import english from './en'

function keysOf(tree: Record<string, unknown>, prefix = ''): string[] {
  return Object.entries(tree).flatMap(([key, value]) =>
    value && typeof value === 'object'
      ? keysOf(value as Record<string, unknown>, `${prefix}${key}.`)
      : [`${prefix}${key}`],
  )
}

test('both languages say everything', () => {
  const ours = keysOf(chinese).sort()
  expect(ours.length).toBeGreaterThan(50)
  expect(keysOf(english).sort()).toEqual(ours)
})

test('placeholders are the same in both languages', () => {
  const textOf = (tree: Record<string, unknown>, path: string) =>
    String(path.split('.').reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], tree))
  const holes = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((hole) => hole[1]).sort()
  for (const path of keysOf(chinese)) {
    const english_holes = new Set(holes(textOf(english, path)))
    expect([path, [...english_holes].sort()]).toEqual([path, [...new Set(holes(textOf(chinese, path)))].sort()])
  }
})

test('English says nothing in Chinese', () => {
  const han = keysOf(english).filter((path) => {
    const text = String(path.split('.').reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], english))
    return /\p{Script=Han}/u.test(text) && path !== 'shell.language.zh-CN'
  })
  expect(han).toEqual([])
})
