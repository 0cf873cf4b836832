import type { FieldSpec, FieldType } from './fieldSpec'

const field = (name: string, type: FieldType, value: unknown, words: [string, string], bounds: [number, number] | null = null): FieldSpec => ({
  name, type, title_zh: name, title: name, description_zh: words[0], description: words[1],
  required: false, secret: false, default: value, choices: [], min: bounds?.[0] ?? null, max: bounds?.[1] ?? null,
})

const MONTH_S = 30 * 86_400

/** The section `[sync]` of every system's file: how it is read, whatever its kind. */
export const syncFields: readonly FieldSpec[] = [
  field('look_back_s', 'integer', 600, ['重读晚提交的行，内容相同不会重复入库。', 'Reads rows again that were committed late; what is the same is not loaded twice.'], [0, MONTH_S]),
  field('safety_lag_s', 'integer', 120, ['只读早于系统时钟减去此值的行，其余留到下次。', 'Rows newer than the source clock less this wait for the next run.'], [0, MONTH_S]),
  field('calls_per_minute', 'integer', 600, ['此账号每分钟最多调用的次数。', 'The most calls in any minute on this account.'], [1, 1_000_000]),
  field('streams', 'text_list', [], ['留空表示全部。', 'Empty: all.']),
  field('freeze_on_drift', 'text_list', [], ['对象结构变化后，确认之前不读；* 表示全部。', 'Not read after their object changed until accepted; * means all.']),
  field('quarantine_on_drift', 'text_list', [], ['对象结构变化后，行先隔离，确认后再入库；* 表示全部。', 'Rows are set aside after their object changed until accepted; * means all.']),
]
