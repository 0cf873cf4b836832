/** Colours of charts in the light and the dark page. */
export interface ChartColours {
  text: string
  muted: string
  line: string
  surface: string
  series: string[]
}

export const chartColours = (isDark: boolean): ChartColours =>
  isDark
    ? { text: '#e5eaf3', muted: '#a9adb5', line: '#3a3f45', surface: '#1d2023',
        series: ['#4cb5b0', '#e3a94a', '#7ea6e8', '#e58a8a', '#a58be0', '#8fc26f'] }
    : { text: '#24292e', muted: '#666a72', line: '#e1e4e8', surface: '#ffffff',
        series: ['#0b6e6e', '#c77700', '#2f63b5', '#b83a3a', '#6a4bb3', '#4a8b2c'] }
