// The parts of ECharts that the pages use; imported by `load.ts` only.
import { BarChart, GraphChart, LineChart, LinesChart, MapChart, ScatterChart } from 'echarts/charts'
import {
  AriaComponent, DataZoomComponent, GeoComponent, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent,
} from 'echarts/components'
import * as echarts from 'echarts/core'
import { LabelLayout } from 'echarts/features'
import { CanvasRenderer } from 'echarts/renderers'

echarts.use([
  BarChart, GraphChart, LineChart, LinesChart, MapChart, ScatterChart, AriaComponent, DataZoomComponent, GeoComponent,
  GridComponent, LegendComponent, MarkLineComponent, TooltipComponent, LabelLayout, CanvasRenderer,
])

export { echarts }
export type { EChartsCoreOption } from 'echarts/core'
