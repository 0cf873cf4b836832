/**
 * The hook for a CAPTCHA. Whoever keeps the public page adds the script of the service they chose and,
 * in it, one function that draws the challenge into an element and answers the token once it is solved:
 *
 *     window.yuanliuCaptcha = (element, locale) => new Promise((resolve) => { … resolve(token) })
 */
export type CaptchaHook = (element: HTMLElement, locale: string) => Promise<string>

declare global {
  interface Window { yuanliuCaptcha?: CaptchaHook }
}

/** The hook, where one is installed. */
export function captchaHook(): CaptchaHook | undefined {
  return typeof window.yuanliuCaptcha === 'function' ? window.yuanliuCaptcha : undefined
}
