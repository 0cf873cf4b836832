/** Only a path of this site: a full address in `return_to` would lead people elsewhere. */
export function returnPath(wanted: unknown): string {
  return typeof wanted === 'string' && /^\/(?![/\\])/.test(wanted) ? wanted : '/'
}
