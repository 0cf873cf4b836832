/**
 * Line below every map: where its areas come from, and the number under which a map was reviewed. Whoever publishes
 * the pages sets them when building: `VITE_MAP_SOURCE`, `VITE_MAP_REVIEW`.
 */
export const mapSource = {
  source: (import.meta.env.VITE_MAP_SOURCE as string | undefined) ?? '天地图 Tianditu',
  review: (import.meta.env.VITE_MAP_REVIEW as string | undefined) ?? '',
}
