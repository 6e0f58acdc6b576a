// A classifier whose program is nothing but the interplay with user space: the packet's second byte says which entry it
// meets. Its maps and records are those of real ones, so that instances can be tried without deciding anything.

import { createHash } from 'node:crypto';
import type { Change, Classifier } from '../../../src/classifier/classifier';
import { OUTCOME } from '../../../src/classifier/classifier';
import { TRUE } from '../../../src/ir/formula';
import type { Rule } from '../../../src/ir/ruleset';
import type { WantedClassifier } from '../../../src/reconcile/classifier/wanted';

export const ENTRIES = 64;
const LOGGING_AT = ENTRIES * 8;
const SLOT_BYTES = LOGGING_AT + ENTRIES * 4;

const TEXT = `/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct record { __u32 number; __u16 test; __u8 outcome; __u8 zero; };
struct slot { struct record records[${ENTRIES}]; __u32 logging[${ENTRIES}]; };
struct counter { __u64 packets, bytes; };
struct memo { __u64 drop, logged; };

#define MAP(name_, type_, value_, entries_, flags_) \\
struct { __uint(type, type_); __type(key, __u32); __type(value, value_); \\
	__uint(max_entries, entries_); __uint(map_flags, flags_); } name_ SEC(".maps")

MAP(tables, BPF_MAP_TYPE_ARRAY, struct slot, 2, BPF_F_MMAPABLE);
MAP(control, BPF_MAP_TYPE_ARRAY, __u64, 1, 0);
MAP(counters, BPF_MAP_TYPE_PERCPU_ARRAY, struct counter, ${ENTRIES}, 0);
MAP(memo, BPF_MAP_TYPE_PERCPU_ARRAY, struct memo, 1, 0);

SEC("socket")
int rampart(struct __sk_buff *skb)
{
	__u32 zero = 0, which, counter;
	__u8 entry = 0;
	__u64 *sequence = bpf_map_lookup_elem(&control, &zero);
	struct memo *note = bpf_map_lookup_elem(&memo, &zero);
	struct counter *count;
	struct slot *slot;

	if (!sequence || !note || bpf_skb_load_bytes(skb, 1, &entry, 1) < 0)
		return 1;
	which = *sequence & 1;
	slot = bpf_map_lookup_elem(&tables, &which);
	if (!slot)
		return 1;
	entry &= ${ENTRIES - 1};
	counter = slot->records[entry].number;
	note->drop = slot->records[entry].outcome == ${OUTCOME.drop};
	note->logged = 0;
	if (slot->records[entry].outcome == ${OUTCOME.log}) {
		note->logged = 1ULL << (counter & 63);
		counter = slot->logging[counter & ${ENTRIES - 1}];
	}
	count = bpf_map_lookup_elem(&counters, &counter);
	if (count) {
		count->packets++;
		count->bytes += skb->len;
	}
	return note->drop || note->logged;
}

char LICENSE[] SEC("license") = "GPL";
`;

/** Each rule is one entry; rules of one ref and action are the same rule. */
export function plain(rules: readonly Rule[]): WantedClassifier {
  const logging = rules.flatMap((rule, position) => (outcomeOf(rule) === OUTCOME.log ? [position] : []));
  const tables = {
    revision: 0,
    rules: rules.length,
    entries: rules.length,
    rule: Uint32Array.from(rules.keys()),
    outcome: Uint8Array.from(rules, outcomeOf),
    test: new Uint16Array(rules.length),
    logging: Uint32Array.from(rules.keys(), position => Math.max(0, logging.indexOf(position))),
    loggingRules: logging,
    dimensions: [],
    sections: [],
  };
  const classifier: Classifier = { shape: SHAPE, tables, revision: 0 };
  return {
    family: 'ip',
    planned: { program: PROGRAM, classifier, change: undefined },
    rules,
    keys: keysOf(rules),
  };
}

/** To be added to, so that the map of a policy and of the one after a change are the same one. */
const KEYS = new WeakMap<ReadonlyMap<string, string>, Map<string, string>>();

function keysOf(rules: readonly Rule[]): ReadonlyMap<string, string> {
  const keys = new Map(rules.map(({ ref }, position) => [ref, String(position + 1)]));
  KEYS.set(keys, keys);
  return keys;
}

export function rule(ref: string, action: Rule['action'] = 'block', enabled = true): Rule {
  return { index: 0, ref, action, enabled, formula: { ip: TRUE, ip6: TRUE } };
}

/** One rule replaced, in the tables themselves, as changeClassifier() does; it gets the key of the one before. */
export function changed(wanted: WantedClassifier, position: number, next: Rule): WantedClassifier {
  const before = wanted.planned.classifier;
  const { tables } = before;
  KEYS.get(wanted.keys)?.set(next.ref, String(position + 1));
  tables.outcome[position] = outcomeOf(next);
  tables.revision++;
  const classifier = { ...before, revision: tables.revision };
  const change: Change = { classifier, ranges: new Uint32Array(), entries: { first: position, count: 1 } };
  return {
    ...wanted,
    planned: { program: PROGRAM, classifier, change: { ...change, before } },
    rules: wanted.rules.with(position, next),
  };
}

const SHAPE: Classifier['shape'] = {
  family: 'ip',
  dimensions: [],
  tests: [],
  entryWords: 1,
  summaryWords: 1,
  blockWords: 8,
  loggingWords: 1,
  counters: ENTRIES,
  entriesAt: 0,
  loggingAt: LOGGING_AT,
  slotBytes: SLOT_BYTES,
};

const PROGRAM = { name: createHash('sha256').update(TEXT).digest('hex').slice(0, 32), text: TEXT };

function outcomeOf({ action, enabled }: Rule): number {
  if (action === 'log' || !enabled) return OUTCOME.log;
  return action === 'block' ? OUTCOME.drop : OUTCOME.pass;
}
