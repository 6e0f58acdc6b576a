// What `in` asks: a set of literals, all of the left side's type, or a named list.

import { nearestNames } from '../../diagnostic/nearest';
import { join } from '../../diagnostic/span';
import type { ListTest, LiteralText, SetTest } from '../ast';
import { readBytes } from '../literal/bytes';
import { readIntRange } from '../literal/int';
import { readAddressItem } from '../literal/network';
import { report, type Scope } from '../scope';
import { printType, sameType, type Type } from '../type';
import type { TypedTest } from '../typed-ast';

export function checkSet(scope: Scope, type: Type, { items }: SetTest, name: string): TypedTest | undefined {
  switch (type.kind) {
    case 'Int': {
      const read = all(items, item => readIntRange(scope, item, name));
      return read && { kind: 'in_ints', items: read };
    }
    case 'Ip': {
      const read = all(items, item => readAddressItem(scope, item, name));
      return read && { kind: 'in_addresses', items: read };
    }
    default: {
      const read = all(items, item => readBytes(scope, item, true));
      return read && { kind: 'in_bytes', items: read };
    }
  }
}

/** Every item is read, so that every wrong one is reported. */
function all<Item>(items: readonly LiteralText[], read: (item: LiteralText) => Item | undefined): Item[] | undefined {
  const found: Item[] = [];
  for (const item of items) {
    const value = read(item);
    if (value !== undefined) found.push(value);
  }
  return found.length === items.length ? found : undefined;
}

export function checkList(scope: Scope, type: Type, test: ListTest): TypedTest | undefined {
  const lists = scope.scheme.lists.find(each => sameType(each.type, type));
  if (lists === undefined) {
    return report(scope, 'listUnsupported', join(test.operatorSpan, test.nameSpan), { type: printType(type) });
  }
  if (lists.names !== undefined && !lists.names.has(test.name)) {
    const nearest = nearestNames(test.name, lists.names).map(name => `\`$${name}\``);
    const hint = nearest.length === 0 ? '' : `; did you mean ${nearest.join(' or ')}?`;
    return report(scope, 'unknownList', test.nameSpan, { name: test.name, nearest: hint });
  }
  return { kind: 'in_list', list: test.name, span: test.nameSpan };
}
