// What is measured on the sales map, from an empty cache down to a county.
import { firstMark, firstPaint, firstTitle, timed } from './stopwatch.mjs'

const LEVELS = ['province', 'city', 'county']

/** The level of the place in a mark: its code, or `country`. */
function levelOf(mark) {
  const [code] = mark.split(' ')
  return code.endsWith('0000') ? 'province' : code.endsWith('00') ? 'city' : 'county'
}

/** One round; every round looks into other provinces. */
export async function salesMap(page, go, note, round) {
  await go('/sales/map')
  note('sales map: first contentful paint', await firstPaint(page))
  note('sales map: menu and title', await firstTitle(page))
  note('sales map: map drawn', await firstMark(page, 'data-drawn'))
  await drill(page, (ms) => note('drill, at once', ms), 2 * round)
  await back(page)
  // The page at rest, as somebody finds it who has looked at it first.
  await page.locator('main [data-ahead]').waitFor()
  await drill(page, (ms, level) => {
    note('drill', ms)
    note(`drill: to a ${level}`, ms)
  }, 2 * round + 1)
  await back(page)
  await switches(page, note)
}

/** To where the account starts; it is there still if there was nothing to look into. */
async function back(page) {
  const start = page.locator('.crumbs button').first()
  if (await start.count() > 0) await timed(page, start)
}

async function drill(page, note, province) {
  const places = page.locator('main .grid tbody button')
  for (let level = 0; level < LEVELS.length; level += 1) {
    const count = await places.count()
    if (count === 0) break
    const { mark, ms } = await timed(page, places.nth(level === 0 ? province % count : 0))
    note(ms, levelOf(mark))
    if (levelOf(mark) === 'county') break
  }
}

async function switches(page, note) {
  const measures = page.locator('.measures .el-segmented__item')
  for (const at of [1, 2, 3, 0]) note('measure', (await timed(page, measures.nth(at))).ms)
  const [earlier, later] = [page.locator('.period button').first(), page.locator('.period button').last()]
  for (const button of [earlier, earlier]) note('period: first time', (await timed(page, button)).ms)
  note('period: back again', (await timed(page, later)).ms)
}
