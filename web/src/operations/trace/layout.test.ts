import { describe, expect, it } from 'vitest'
import { genealogyOf } from './genealogy'
import { layersOf, layoutOf } from './layout'
import { traceSample } from './trace-sample'

const sizes = { width: 100, height: 40, gapX: 20, gapY: 10 }
const nodes = (...ids: string[]) => ids.map((id) => ({ id }))

describe('layersOf', () => {
  it('puts every node right of what leads to it', () => {
    const graph = genealogyOf(traceSample())
    const layers = layersOf(graph)
    for (const { from, to } of graph.edges) expect(layers.get(from)!).toBeLessThan(layers.get(to)!)
  })
  it('moves a source next to what it leads to', () => {
    const layers = layersOf({
      nodes: nodes('a', 'b', 'c', 'late'),
      edges: [{ from: 'a', to: 'b' }, { from: 'b', to: 'c' }, { from: 'late', to: 'c' }],
    })
    expect(layers.get('late')).toBe(1)
  })
  it('ends on a circle', () => {
    const layers = layersOf({ nodes: nodes('a', 'b'), edges: [{ from: 'a', to: 'b' }, { from: 'b', to: 'a' }] })
    expect(layers.size).toBe(2)
  })
})

describe('layoutOf', () => {
  it('lays nothing over anything and stays inside', () => {
    const graph = genealogyOf(traceSample())
    const { at, width, height } = layoutOf(graph, sizes)
    const places = [...at.values()]
    expect(places).toHaveLength(graph.nodes.length)
    for (const [i, a] of places.entries()) {
      expect(a.x + sizes.width).toBeLessThanOrEqual(width)
      expect(a.y + sizes.height).toBeLessThanOrEqual(height)
      for (const b of places.slice(i + 1)) {
        expect(a.x === b.x && Math.abs(a.y - b.y) < sizes.height).toBe(false)
      }
    }
  })
  it('orders a layer so that lines do not cross', () => {
    const { at } = layoutOf({
      nodes: nodes('a', 'b', 'x', 'y'),
      edges: [{ from: 'a', to: 'y' }, { from: 'b', to: 'x' }],
    }, sizes)
    expect(at.get('a')!.y < at.get('b')!.y).toBe(at.get('y')!.y < at.get('x')!.y)
  })
  it('centres a lone node', () => {
    const { at, height } = layoutOf({ nodes: nodes('a', 'b', 'c'), edges: [{ from: 'a', to: 'c' }, { from: 'b', to: 'c' }] }, sizes)
    expect(height).toBe(90)
    expect(at.get('c')).toEqual({ x: 120, y: 25, layer: 1 })
  })
})
