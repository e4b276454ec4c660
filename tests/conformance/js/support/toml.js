// Writes the small part of TOML that the server's configuration needs.

function value(item) {
  if (Array.isArray(item)) return `[${item.map(value).join(', ')}]`;
  if (item !== null && typeof item === 'object') {
    return `{ ${Object.entries(item)
      .map(([key, inner]) => `${key} = ${value(inner)}`)
      .join(', ')} }`;
  }
  return JSON.stringify(item);
}

const isTable = (item) => item !== null && typeof item === 'object' && !Array.isArray(item);

function table(heading, entries) {
  const plain = Object.entries(entries).filter(([, item]) => !isTable(item));
  const nested = Object.entries(entries).filter(([, item]) => isTable(item));
  const lines = [heading, ...plain.map(([key, item]) => `${key} = ${value(item)}`)];
  const path = heading.replace(/[[\]]/g, '');
  return [...lines, ...nested.flatMap(([key, item]) => table(`[${path}.${key}]`, item))];
}

/** `{server, log, apps: [...]}` as a configuration file. */
export function toToml({ apps, ...sections }) {
  const lines = Object.entries(sections).flatMap(([name, entries]) => table(`[${name}]`, entries));
  return [...lines, ...apps.flatMap((app) => table('[[apps]]', app))].join('\n') + '\n';
}
