import { useI18n } from 'vue-i18n'
import { Problem } from '@/api/problem'

export interface ProblemText {
  title: string
  detail: string
  full: string
}

/** Any error as words in the language of the page: what failed, and what to do next. */
export function useProblemText(): (error: unknown) => ProblemText {
  const { t, te, locale } = useI18n()
  return (error) => {
    const problem = error instanceof Problem ? error : null
    const told = problem?.text(locale.value) ?? { title: '', detail: '' }
    const key = problem ? `shell.problem.http_${problem.status}` : 'shell.problem.other'
    const title = told.title || (te(key) ? t(key) : t('shell.problem.other'))
    const detail = told.detail || (problem ? '' : String(error instanceof Error ? error.message : error))
    return { title, detail, full: detail && detail !== title ? `${title}: ${detail}` : title }
  }
}
