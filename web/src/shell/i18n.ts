import elementChinese from 'element-plus/es/locale/lang/zh-cn'
import { shallowRef } from 'vue'
import { createI18n } from 'vue-i18n'
import chinese from '@/locales/zh-CN'

export const LOCALES = ['zh-CN', 'en'] as const
export type Locale = (typeof LOCALES)[number]

type Messages = Record<string, Record<string, unknown>>

export const i18n = createI18n({
  legacy: false,
  locale: 'zh-CN',
  fallbackLocale: 'zh-CN',
  messages: { 'zh-CN': chinese as never } as Record<string, never>,
})

/** The texts of Element Plus in the language of the page. */
export const elementLocale = shallowRef<unknown>(elementChinese)

const KEY = 'yuanliu.locale'

/** What the person chose last, else what the account says, else Chinese. */
export function preferredLocale(ofAccount?: string): Locale {
  const wanted = localStorage.getItem(KEY) ?? ofAccount ?? 'zh-CN'
  return wanted.startsWith('en') ? 'en' : 'zh-CN'
}

export async function setLocale(locale: Locale, remember = false): Promise<void> {
  if (locale === 'en') {
    const [messages, element] = await Promise.all([
      import('@/locales/en'),
      import('element-plus/es/locale/lang/en'),
    ])
    i18n.global.setLocaleMessage('en', messages.default as Messages as never)
    elementLocale.value = element.default
  } else {
    elementLocale.value = elementChinese
  }
  i18n.global.locale.value = locale as never
  document.documentElement.lang = locale
  if (remember) localStorage.setItem(KEY, locale)
}
