import { describe, expect, it } from 'vitest'
import { genealogyOf } from './genealogy'
import { traceSample } from './trace-sample'

const edge = (trace = traceSample()) => genealogyOf(trace).edges.map((e) => `${e.from} > ${e.to} ${e.evidence}`)
const node = (id: string, trace = traceSample()) => genealogyOf(trace).nodes.find((n) => n.id === id)

describe('genealogyOf', () => {
  it('leads from lots through the semi-finished lot to the unit', () => {
    expect(edge()).toEqual(expect.arrayContaining([
      'lot:M2/R2 > work_order:MO0 document',
      'work_order:MO0 > lot:SEMI/S1 document',
      'lot:SEMI/S1 > work_order:MO1 verified',
      'lot:M1/R1 > work_order:MO1 document',
      'work_order:MO1 > batch:B1 document',
      'batch:B1 > unit:A1 verified',
    ]))
  })
  it('leads from the unit through its containers to each shipment by what was scanned', () => {
    expect(edge()).toEqual(expect.arrayContaining([
      'unit:A1 > container:C1 verified',
      'container:C1 > container:P9 inferred',
      'container:P9 > shipment:E2 inferred',
      'container:C1 > shipment:E4 inferred',
    ]))
  })
  it('hands on from holder to holder', () => {
    expect(edge()).toEqual(expect.arrayContaining([
      'shipment:E2 > holder:0 inferred',
      'shipment:E4 > holder:1 inferred',
      'holder:1 > holder:2 inferred',
    ]))
  })
  it('marks what is over and what was voided', () => {
    expect(node('shipment:E2')?.isPast).toBe(true)
    expect(node('container:P9')?.isPast).toBe(true)
    expect(node('container:C1')?.isPast).toBe(false)
    expect(node('holder:2')?.isPast).toBe(false)
  })
  it('takes the last inspection', () => {
    expect(node('lot:M1/R1')?.inspection).toBe('pass')
    expect(node('batch:B1')?.inspection).toBe('pass')
    expect(node('lot:M2/R2')?.inspection).toBeNull()
  })
  it('does not guess which of two semi-finished lots an order made', () => {
    const trace = traceSample()
    trace.materials.push({ ...trace.materials[1]!, lot_no: 'S2' })
    expect(edge(trace)).toContain('work_order:MO0 > work_order:MO1 document')
    expect(edge(trace)).not.toContain('work_order:MO0 > lot:SEMI/S1 document')
  })
  it('leads a unit without work order through the orders of its batch', () => {
    const trace = traceSample()
    trace.production.work_order_no = null
    expect(edge(trace)).toContain('work_order:MO1 > batch:B1 document')
  })
  it('leads a lot that no order is known to have used to the unit', () => {
    const trace = traceSample()
    trace.materials = [{ ...trace.materials[0]!, work_order_no: null }]
    expect(edge(trace)).toContain('lot:M1/R1 > unit:A1 document')
  })
  it('is the unit alone if nothing is known', () => {
    const trace = { ...traceSample(), materials: [], containment: [], movements: [], custody: [] }
    trace.production = { ...trace.production, work_order_no: null, batch_no: null }
    expect(genealogyOf(trace)).toMatchObject({ nodes: [{ id: 'unit:A1', isAsked: true }], edges: [] })
  })
})
