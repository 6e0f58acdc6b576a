// docs/fields.md: every field of the packet scheme, from its row. What a backend can do of it is not written anywhere: a
// condition of each kind is compiled, and what becomes of it is looked at.

import { programFor } from '../backend/ebpf/program';
import { isInNftables } from '../backend/nft/partition';
import { compileExpression } from '../compile';
import { invariant } from '../diagnostic/invariant';
import type { FormulaByFamily } from '../ir/formula';
import { EXTERNAL_DATA } from '../language/field/external-data';
import type { PacketField } from '../language/field/packet-field';
import { FIELD_FAMILIES } from '../language/field/packet-scheme';
import { printType, type Type } from '../language/type';

export function fieldsPage(): string {
  const sections = FIELD_FAMILIES.map(({ title, fields }) => `## ${title}\n\n${table(fields)}`);
  return `${[HEAD, ...sections].join('\n\n')}\n`;
}

const HEAD = `<!-- Written by \`make docs\` from src/language/field/. Do not edit. -->

# Fields

A field is the header's own value in the header's own units. Where it is absent every comparison with it is false, but for
\`ne\`, which is true. What only one version of IP has is absent in packets of the other.

The last two columns say which kinds of conditions nftables and eBPF can express: all of them, or those that are named. By
itself Rampart takes nftables for what it can express and eBPF for the rest.`;

function table(fields: readonly PacketField[]): string {
  const rows = fields.map(field => {
    const { name, type, meaning, absent, deprecated } = field;
    const meant = deprecated === undefined ? meaning : `${meaning} Deprecated: ${deprecated}.`;
    return row([`\`${name}\``, printType(type), meant, absent ?? 'never', ...backends(field)]);
  });
  return [row(['field', 'type', 'meaning', 'absent', 'nftables', 'eBPF']), row(Array(6).fill('---')), ...rows].join(
    '\n',
  );
}

function row(cells: readonly string[]): string {
  return `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function backends({ name, type, source }: PacketField): [nft: string, ebpf: string] {
  if (source.kind === 'external') {
    const needs = `needs ${EXTERNAL_DATA[source.data].what}`;
    return [needs, needs];
  }
  const conditions = conditionsOn(name, type).map(({ kind, expression }) => ({ kind, formula: formulaOf(expression) }));
  const said = (can: (formula: FormulaByFamily) => boolean): string => {
    const kinds = conditions.filter(({ formula }) => can(formula)).map(({ kind }) => kind);
    if (kinds.length === conditions.length) return 'all';
    return kinds.length === 0 ? 'none' : kinds.map(kind => `\`${kind}\``).join(' ');
  };
  return [said(isSaidByNftables), said(isSaidByEbpf)];
}

function isSaidByNftables({ ip, ip6 }: FormulaByFamily): boolean {
  return isInNftables(ip) && isInNftables(ip6);
}

/** Throws where the printer has no text for a load. */
function isSaidByEbpf({ ip, ip6 }: FormulaByFamily): boolean {
  return programFor(ip, 'ip').text !== '' && programFor(ip6, 'ip6').text !== '';
}

interface SampleCondition {
  /** Operator or function. */
  readonly kind: string;
  readonly expression: string;
}

/** One of each kind. `<` stands for all four, `==` for `!=` too. */
function conditionsOn(name: string, type: Type): readonly SampleCondition[] {
  const on = (kind: string, expression: string): SampleCondition => ({ kind, expression });
  switch (type.kind) {
    case 'Bool':
      return [on(name, name)];
    case 'Int':
      return [
        on('==', `${name} == 1`),
        on('<', `${name} < 2`),
        on('in', `${name} in {1 3..5}`),
        on('&', `${name} & 1`),
      ];
    case 'Ip':
      return [
        on('==', `${name} == 192.0.2.1`),
        on('<', `${name} < 192.0.2.1`),
        on('in', `${name} in {192.0.2.0/24 2001:db8::/32}`),
        on('in $list', `${name} in $list`),
      ];
    default:
      return [
        on('==', `${name} == "abc"`),
        on('<', `${name} < "abc"`),
        on('in', `${name} in {"abc" "de"}`),
        on('contains', `${name} contains "b"`),
        on('wildcard', `${name} wildcard "a*c"`),
        on('matches', `${name} matches "a[bc]"`),
        on('starts_with', `starts_with(${name}, "abc")`),
        on('ends_with', `ends_with(${name}, "abc")`),
        on('len', `len(${name}) > 3`),
        on('bit_slice', `bit_slice(${name}, 0, 8) == 1`),
      ];
  }
}

function formulaOf(expression: string): FormulaByFamily {
  const compiled = compileExpression(expression, undefined);
  invariant(compiled.ok, `${expression} compiles`);
  return compiled.value.formula;
}
