import createClient from 'openapi-fetch'
import { request } from './request'
import type { paths } from './schema'

/** The API as `docs/openapi.json` describes it; errors are thrown as `Problem`. */
export const api = createClient<paths>({ baseUrl: '', fetch: (input) => request(input) })
