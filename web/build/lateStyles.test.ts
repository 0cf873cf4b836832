import { expect, test } from 'vitest'
import { stylesLast } from './lateStyles'

test('style sheets follow what is to be painted without them', () => {
  const html = '<head>\n  <link rel="icon" href="/i.svg">\n  <link rel="stylesheet" crossorigin href="/a.css">\n  <style>p { margin: 0 }</style>\n</head>\n<body>\n  <p>name</p>\n</body>\n'
  expect(stylesLast(html)).toBe(
    '<head>\n  <link rel="icon" href="/i.svg">\n  <style>p { margin: 0 }</style>\n</head>\n<body>\n  <p>name</p>\n  <link rel="stylesheet" crossorigin href="/a.css">\n</body>\n')
  expect(stylesLast('<body></body>')).toBe('<body></body>')
})
