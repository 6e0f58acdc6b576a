// A preview for people: rules and network in the manner of diff(1), then the packets whose verdict changes.

import type { OpenChange, VerdictChange, VerdictChanges } from '../analysis/verdict-change';
import { packetText } from '../packet/packet-text';
import type { NetworkDifference } from './network-difference';
import type { Preview } from './preview';
import type { ListDifference, PreviewedRule, RuleDifference } from './rule-difference';

export function previewText({ rules, lists, network, verdicts }: Preview): string {
  const lines = [...ruleLines(rules), ...lists.map(listLine)];
  const what = lines.length === 0 ? ['no rule changes'] : [...lines, counted(rules)];
  return [...what, ...networkLines(network), '', ...verdictLines(verdicts)].join('\n');
}

function ruleLines({ added, removed, changed, moved }: RuleDifference): string[] {
  return [
    ...removed.map(rule => `- ${ruleText(rule)}`),
    ...changed.flatMap(({ before, after }) => [`~ ${ruleText(before)}`, `  becomes ${ruleText(after)}`]),
    ...moved.map(({ ref, before, after }) => `> ${ref}: from place ${before} to place ${after}`),
    ...added.map(rule => `+ ${ruleText(rule)}`),
  ];
}

function ruleText({ ref, action, enabled, expression }: PreviewedRule): string {
  return `${ref}: ${action}${enabled ? '' : ' (disabled)'} ${expression}`;
}

/** None where neither document has a network. */
function networkLines({ added, removed, changed, unchanged }: NetworkDifference): string[] {
  const lines = [
    ...removed.map(words => `- ${words}`),
    ...changed.flatMap(({ before, after }) => [`~ ${before}`, `  becomes ${after}`]),
    ...added.map(words => `+ ${words}`),
  ];
  if (lines.length === 0) return unchanged === 0 ? [] : ['the network stays as it is'];
  const counts = [`${added.length} added`, `${removed.length} removed`, `${changed.length} changed`];
  return ['', ...lines, `of the network: ${counts.join(', ')}, ${unchanged} unchanged`];
}

const LIST_MARKS = { added: '+', removed: '-', changed: '~' } as const;

function listLine({ name, kind, itemsAdded, itemsRemoved }: ListDifference): string {
  return `${LIST_MARKS[kind]} list $${name}: ${itemsAdded} items added, ${itemsRemoved} removed`;
}

function counted({ added, removed, changed, moved, unchanged }: RuleDifference): string {
  const counts = { added, removed, changed, moved };
  const words = Object.entries(counts).map(([word, { length }]) => `${length} ${word}`);
  return `${words.join(', ')}, ${unchanged} unchanged`;
}

function verdictLines({ changes, open, more, complete }: VerdictChanges): string[] {
  return [
    ...changes.flatMap(changeLines),
    ...open.map(openLine),
    ...more.map(ref => `rule ${ref}: there may be more packets whose verdict changes; a larger --budget looks further`),
    ...(complete ? [changes.length === 0 ? 'no packet changes its verdict (proved)' : NO_OTHER] : []),
  ];
}

const NO_OTHER = 'no other pair of rules changes the verdict of a packet (proved)';

function changeLines({ family, before, after, witness, in_iface }: VerdictChange): string[] {
  const from = in_iface === null ? '' : ` from ${in_iface}`;
  return [
    `${decision(before)} becomes ${decision(after)} (${family})`,
    `  such as ${packetText(Buffer.from(witness, 'hex'))}${from}`,
    `  packet: ${witness}`,
  ];
}

function openLine({ family, before, after, reason }: OpenChange): string {
  return `unknown: whether ${decision(before)} becomes ${decision(after)} (${family}): ${reason}`;
}

function decision({ ref, verdict }: VerdictChange['before']): string {
  return `${verdict} by ${ref === null ? 'no rule' : `rule ${ref}`}`;
}
