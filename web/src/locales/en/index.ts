/** Every file beside this one is an area, its messages are found under its name. */
const files = import.meta.glob<{ default: Record<string, unknown> }>('./*.json', { eager: true })

const messages: Record<string, Record<string, unknown>> = {}
for (const [path, file] of Object.entries(files)) {
  messages[path.slice(2, -'.json'.length)] = file.default
}
export default messages
