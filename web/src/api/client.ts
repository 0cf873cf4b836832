import createClient from 'openapi-fetch'
import { type Query, queryText, request } from './request'
import type { components, paths } from './schema'

/** What `docs/openapi.json` calls its types. */
export type Schemas = components['schemas']

/** The API as `docs/openapi.json` describes it; errors are thrown as `Problem`. */
export const api = createClient<paths>({
  baseUrl: '',
  fetch: (input) => request(input),
  querySerializer: (query) => queryText(query as Query).slice(1),
})

/** What the hub answers: `told(api.GET('/api/v1/jobs', { signal }))`. */
export async function told<T>(asked: Promise<{ data?: T }>): Promise<NonNullable<T>> {
  // An answer without data was an error, and that was thrown on the way.
  return (await asked).data as NonNullable<T>
}

/** The items of a list that comes whole. */
export async function itemsOf<T>(asked: Promise<{ data?: { items: T[] } }>): Promise<T[]> {
  return (await told(asked)).items
}
