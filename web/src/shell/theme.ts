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

/** Charts and maps draw by this; the rest follows CSS variables. */
export const isDark = computed(() => themeChoice.value === 'dark' || (themeChoice.value === 'auto' && systemIsDark.value))

function apply(): void {
  document.documentElement.classList.toggle('dark', isDark.value)
}

export function setTheme(choice: ThemeChoice): void {
  themeChoice.value = choice
  localStorage.setItem(KEY, choice)
  apply()
}
