// docs/diagnostics.md: every code of the catalogue with what it says and what its example prints.

import { CATALOGUE, type CatalogueEntry } from '../diagnostic/catalogue';
import { printDiagnostic } from '../diagnostic/print';
import { runExample } from './example';

const GROUPS: Readonly<Record<string, string>> = {
  RF1: 'Syntax',
  RF2: 'Names, types, and what can be run',
  RF3: 'Numbers, addresses, strings and patterns',
  RF4: 'Warnings',
};

export function diagnosticsPage(): string {
  const entries = Object.values(CATALOGUE).sort((a, b) => (a.code < b.code ? -1 : 1));
  return `${[HEAD, ...Object.entries(GROUPS).map(([prefix, title]) => group(title, prefix, entries))].join('\n\n')}\n`;
}

const HEAD = `<!-- Written by \`make docs\` from src/diagnostic/catalogue/. Do not edit. -->

# Diagnostics

What Rampart says of an expression: errors (RF1xxx to RF3xxx) refuse it, warnings (RF4xxx) let it pass. A code never
changes its meaning. Each has a kind, which for errors is Wirefilter's, a message, and a cure; words in braces are filled
in. The examples are about packets and a few fields of other types: \`tags\` (\`Array<Bytes>\`),
\`nums\` (\`Array<Int>\`), \`marks\` (\`Array<Bool>\`), \`grid\` (\`Array<Array<Bool>>\`), \`headers\` (\`Map<Bytes>\`), and the lists
\`$office\` and \`$cf.malware\`.`;

function group(title: string, prefix: string, entries: readonly CatalogueEntry[]): string {
  const members = entries.filter(({ code }) => code.startsWith(prefix));
  const rows = members.map(({ code, message, example }) => {
    return `| [${code}](#${code.toLowerCase()}) | ${cell(text(message))} | ${cell(`\`${example}\``)} |`;
  });
  const table = ['| code | message | example |', '|---|---|---|', ...rows].join('\n');
  return [`## ${title}`, table, ...members.map(section)].join('\n\n');
}

function section(entry: CatalogueEntry): string {
  const { code, kind, message, cure } = entry;
  return [`### ${code}`, `${kind}: ${text(message)}`, `Cure: ${text(cure)}`, printed(entry)].join('\n\n');
}

function printed(entry: CatalogueEntry): string {
  const { expression, found } = runExample(entry);
  if (found === undefined) return `Example: \`${entry.example}\``;
  return ['```', printDiagnostic(expression, found).trimEnd(), '```'].join('\n');
}

/** What looks like HTML outside of `code` is escaped. */
function text(source: string): string {
  return source
    .split(/(`[^`]*`)/)
    .map(part => (part.startsWith('`') ? part : part.replace(/[<>*\\]/g, '\\$&')))
    .join('');
}

function cell(markdown: string): string {
  return markdown.replaceAll('\n', ' ').replaceAll('|', '\\|');
}
