import { computed, ref } from 'vue'

export type ThemeChoice = 'auto' | 'light' | 'dark'

const KEY = 'yuanliu.theme'
const system = window.matchMedia('(prefers-color-scheme: dark)')
const systemIsDark = ref(system.matches)
system.addEventListener('change', (event) => {
  systemIsDark.value = event.matches
  apply()
})

export const themeChoice = ref<ThemeChoice>((localStorage.getItem(KEY) as ThemeChoice | null) ?? 'auto')

/** What a page that is drawn one way only wants while it is open. */
const choiceForNow = ref<ThemeChoice | null>(null)

/** Charts and maps draw by this; the rest follows CSS variables. */
export const isDark = computed(() => {
  const choice = choiceForNow.value ?? themeChoice.value
  return choice === 'dark' || (choice === 'auto' && systemIsDark.value)
})

function apply(): void {
  document.documentElement.classList.toggle('dark', isDark.value)
}

/** Draws in a theme without remembering it; the remembered choice ends it. */
export function setThemeForNow(choice: ThemeChoice): void {
  choiceForNow.value = choice === themeChoice.value ? null : choice
  apply()
}

export function setTheme(choice: ThemeChoice): void {
  choiceForNow.value = null
  themeChoice.value = choice
  localStorage.setItem(KEY, choice)
  apply()
}
