/** Places for the nodes of a graph without circles: layers by distance from the sources, few crossings within. */

/** What has to be placed. */
export interface ToPlace {
  nodes: readonly { id: string }[]
  edges: readonly { from: string; to: string }[]
}

/** Sizes in pixels. */
export interface LayoutSizes {
  width: number
  height: number
  gapX: number
  gapY: number
}

/** Where everything is. */
export interface Layout {
  at: Map<string, { x: number; y: number; layer: number }>
  width: number
  height: number
  layers: number
}

const SWEEPS = 4

/** The layer of each node: one right of its farthest source, then as near to what follows it as it can be. */
export function layersOf(graph: ToPlace): Map<string, number> {
  const layer = new Map(graph.nodes.map((node) => [node.id, 0]))
  // Relaxation as often as there are nodes ends even if the data has a circle.
  for (let round = 0; round < graph.nodes.length; round += 1) {
    let isMoved = false
    for (const { from, to } of graph.edges) {
      const wanted = Math.min(graph.nodes.length - 1, layer.get(from)! + 1)
      if (layer.get(to)! < wanted) {
        layer.set(to, wanted)
        isMoved = true
      }
    }
    if (!isMoved) break
  }
  const hasSource = new Set(graph.edges.map((edge) => edge.to))
  for (const node of graph.nodes) {
    const followers = graph.edges.filter((edge) => edge.from === node.id).map((edge) => layer.get(edge.to)!)
    if (!hasSource.has(node.id) && followers.length) layer.set(node.id, Math.max(0, Math.min(...followers) - 1))
  }
  return layer
}

/** Places every node. */
export function layoutOf(graph: ToPlace, sizes: LayoutSizes): Layout {
  const layer = layersOf(graph)
  const columns: string[][] = []
  for (const node of graph.nodes) (columns[layer.get(node.id)!] ??= []).push(node.id)
  for (let place = 0; place < columns.length; place += 1) columns[place] ??= []
  const rank = new Map<string, number>()
  const note = () => columns.forEach((column) => column.forEach((id, place) => rank.set(id, place - (column.length - 1) / 2)))
  note()
  const neighbours = (id: string, isForward: boolean) =>
    graph.edges.filter((edge) => (isForward ? edge.to : edge.from) === id).map((edge) => rank.get(isForward ? edge.from : edge.to)!)
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    const isForward = sweep % 2 === 0
    for (const column of isForward ? columns : [...columns].reverse()) {
      const middle = new Map(column.map((id) => {
        const ranks = neighbours(id, isForward)
        return [id, ranks.length ? ranks.reduce((a, b) => a + b, 0) / ranks.length : rank.get(id)!]
      }))
      column.sort((a, b) => middle.get(a)! - middle.get(b)!)
      note()
    }
  }
  const rows = Math.max(1, ...columns.map((column) => column.length))
  const height = rows * sizes.height + (rows - 1) * sizes.gapY
  const at: Layout['at'] = new Map()
  columns.forEach((column, place) => {
    const own = column.length * sizes.height + (column.length - 1) * sizes.gapY
    column.forEach((id, row) => at.set(id, {
      x: place * (sizes.width + sizes.gapX),
      y: (height - own) / 2 + row * (sizes.height + sizes.gapY),
      layer: place,
    }))
  })
  return { at, width: columns.length * (sizes.width + sizes.gapX) - sizes.gapX, height, layers: columns.length }
}
