// Made from docs/openapi.json by `npm run types`.
export type paths = Record<string, never>
