import { useI18n } from 'vue-i18n'
import type { ReportColumn } from '@/api/reports'
import { type CellKind, kindOf } from './format'

/** A column as the table draws it. */
export interface TableColumn {
  name: string
  title: string
  kind: CellKind
  isSortable?: boolean
}

/** Titles come from `locales/<lang>/columns.json`; a column without one shows its own name. */
export function useColumns(): (columns: readonly ReportColumn[], hidden?: readonly string[]) => TableColumn[] {
  const { t, te } = useI18n()
  return (columns, hidden = []) =>
    columns
      .filter(({ name }) => !hidden.includes(name))
      .map(({ name, type }) => ({
        name,
        title: te(`columns.${name}`) ? t(`columns.${name}`) : name,
        kind: kindOf(name, type),
        isSortable: true,
      }))
}
