import { expect, test } from 'vitest'
import { returnPath } from './returnPath'

test('leads back into this site only', () => {
  expect(['/admin/runs?kind=sync', '//evil.example', '/\\evil.example', 'https://evil.example', undefined].map(returnPath))
    .toEqual(['/admin/runs?kind=sync', '/', '/', '/', '/'])
})
