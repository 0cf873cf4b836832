import { expect, it } from 'vitest'
import { matrixOf, type MatrixRow } from './matrix'

function row(month: string, from: string | null, to: string, off: number | string, alerts = 0): MatrixRow {
  return {
    month, source_region: from, destination_region: to, source_name: from && `N${from}`, destination_name: `N${to}`,
    off_territory: off, dealers: 1, cases: 1, alerts, exempted: 0,
  }
}

it('adds months up and puts the heaviest first', () => {
  const matrix = matrixOf([
    row('2026-01', '13', '33', 1),
    row('2026-02', '13', '33', '2', 1),
    row('2026-01', '51', '14', 54),
  ])
  expect(matrix.sources.map((s) => [s.name, s.total])).toEqual([['N51', 54], ['N13', 3]])
  expect(matrix.destinations.map((s) => s.code)).toEqual(['14', '33'])
  expect(matrix.cells).toContainEqual({ source: 1, destination: 1, offTerritory: 3, cases: 2, alerts: 1, exempted: 0 })
  expect(matrix.greatest).toBe(54)
})

it('drops nothing whose region is unknown', () => {
  const matrix = matrixOf([row('2026-01', null, '33', 2)])
  expect(matrix.sources).toEqual([{ code: '', name: '', total: 2 }])
})

it('is empty without rows', () => {
  expect(matrixOf([])).toEqual({ sources: [], destinations: [], cells: [], greatest: 0 })
})
