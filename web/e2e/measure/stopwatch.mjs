// Clocks in the page itself, so that no time of the program that drives it is counted. What is waited for is a mark in
// the document, never a while.

/** Given to every page before its own scripts: notes when marks first stand, and times clicks until they change. */
export function install() {
  const MARKS = ['data-drawn', 'data-compared', 'data-ahead']
  const TITLE = 'main h1'
  const seen = {}
  const waiting = []
  const valueOf = (name) => document.querySelector(`[${name}]`)?.getAttribute(name) ?? null
  const isThere = (name) => (name === TITLE ? document.querySelector(name) !== null : valueOf(name) !== null)
  /** Once what stands in the document now was painted. */
  const painted = (then) => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => then(performance.now())
    port2.postMessage(null)
  })
  const look = () => {
    for (const name of [...MARKS, TITLE]) {
      if (!(name in seen) && isThere(name)) {
        seen[name] = null
        painted((at) => { seen[name] = at })
      }
    }
    for (const each of [...waiting]) each()
  }
  new MutationObserver(look).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: MARKS })

  globalThis.stopwatch = {
    /** Milliseconds from the start of the navigation until a mark, or the title, was painted for the first time; null: not yet. */
    first: (name) => seen[name] ?? null,
    /** From the next click until another mark stands than now; the answer is in `clicked`. */
    arm: (name) => {
      const before = valueOf(name)
      globalThis.stopwatch.clicked = new Promise((done) => {
        addEventListener('click', ({ timeStamp }) => {
          const check = () => {
            const mark = valueOf(name)
            if (mark === null || mark === before) return
            waiting.splice(waiting.indexOf(check), 1)
            painted((at) => done({ mark, ms: at - timeStamp }))
          }
          waiting.push(check)
        }, { capture: true, once: true })
      })
    },
  }
}

/** Milliseconds from the start of the navigation to the first paint of content. */
export const firstPaint = (page) => page.evaluate(() => new Promise((done) => {
  new PerformanceObserver((list) => {
    const entry = list.getEntriesByName('first-contentful-paint')[0]
    if (entry) done(entry.startTime)
  }).observe({ type: 'paint', buffered: true })
}))

/** Milliseconds from the start of the navigation until the page's menu and title were painted. */
export const firstTitle = (page) => firstMark(page, 'main h1')

/** Milliseconds from the start of the navigation until a mark was painted. */
export const firstMark = async (page, name) => (await page.waitForFunction((mark) => globalThis.stopwatch.first(mark), name)).jsonValue()

/** Clicks, and answers `{ mark, ms }` once another mark stands. */
export async function timed(page, target, name = 'data-drawn') {
  await page.evaluate((mark) => globalThis.stopwatch.arm(mark), name)
  await target.click()
  return page.evaluate(() => globalThis.stopwatch.clicked)
}
