/**
 * ECharts, the largest script of all, is fetched beside the pages that draw with it, so that what stands around a chart
 * does not wait. A page calls this when it opens; whoever draws waits for it.
 */
export const loadECharts = async () => (await import('./echarts')).echarts
