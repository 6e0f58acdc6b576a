// Batches, errors and dumps against the running kernel.

import { setTimeout } from 'node:timers/promises';
import { askTablePersist } from '../../src/doctor/probe/table-flag';
import { withScratch } from '../../src/doctor/scratch';
import { openSocket } from '../../src/native';
import { Connection, openConnection } from '../../src/netlink/connection';
import { encodeBatch } from '../../src/netlink/nftables/batch';
import { BatchError } from '../../src/netlink/nftables/batch-error';
import type { BatchOperation } from '../../src/netlink/nftables/batch-operation';
import { DATATYPES } from '../../src/netlink/nftables/datatype';
import { decodeElements, dumpElements } from '../../src/netlink/nftables/element';
import type { Expression } from '../../src/netlink/nftables/expression/expression';
import { pinnedProgramMatch } from '../../src/netlink/nftables/expression/xt-bpf-info';
import { decodeGeneration, getGeneration } from '../../src/netlink/nftables/generation';
import { decodeRule, dumpRules } from '../../src/netlink/nftables/rule';
import { decodeTable, dumpTables } from '../../src/netlink/nftables/table';
import { makeNamespace, type TestNamespace } from './namespace';

const TABLE = { kind: 'table', family: 'ip', name: 't' } as const;
const CHAIN = { kind: 'chain', family: 'ip', table: 't', name: 'c' } as const;
const DROP: Expression = { kind: 'verdict', verdict: { code: 'drop' } };

const rule = (expressions: readonly Expression[], subject?: string): BatchOperation => ({
  operation: 'add',
  object: { kind: 'rule', family: 'ip', table: 't', chain: 'c', expressions },
  ...(subject !== undefined && { subject }),
});

let namespace: TestNamespace;
let connection: Connection;

beforeAll(() => {
  namespace = makeNamespace('connection');
  connection = namespace.connect('netfilter');
});

afterAll(() => namespace.remove());

beforeEach(() =>
  connection.commit(
    encodeBatch([
      { operation: 'add', object: TABLE },
      { operation: 'delete', object: TABLE },
      { operation: 'add', object: TABLE },
      { operation: 'add', object: CHAIN },
    ]),
  ),
);

async function refusalOf(promise: Promise<void>): Promise<BatchError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof BatchError) return error;
  throw new Error('no BatchError', { cause: error });
}

async function rules(): Promise<number> {
  return (await connection.dump(dumpRules('ip', 't', 'c'))).length;
}

async function ownerOf(table: string): Promise<number | undefined> {
  return (await connection.dump(dumpTables('ip'))).map(decodeTable).find(({ name }) => name === table)?.owner;
}

const generation = async () => (await connection.request(getGeneration())).map(decodeGeneration)[0]?.id ?? -1;

describe('commit', () => {
  test('applies 5,000 rules in one transaction', async () => {
    await connection.commit(encodeBatch(Array.from({ length: 5000 }, () => rule([{ kind: 'counter' }, DROP]))));
    expect(await rules()).toBe(5000);
  });

  test('applies nothing when one message is bad, and names it and the attribute', async () => {
    const sums: Expression[] = [
      { kind: 'counter' },
      { kind: 'payload', base: 'network', offset: 12, length: 4, destination: 99 },
      DROP,
    ];
    const { failures, code } = await refusalOf(
      connection.commit(encodeBatch([rule([DROP]), rule(sums, 'rule 17 of account a'), rule([DROP])])),
    );
    expect(code).toBe('ERANGE');
    // nlmsghdr 16, nfgenmsg 4, two names of 8, the nest's header 4, the counter 20: the second expression is at 60.
    expect(failures).toEqual([
      expect.objectContaining({
        index: 1,
        expression: 1,
        error: expect.objectContaining({ code: 'ERANGE', subject: 'rule 17 of account a', offset: 60 }),
      }),
    ]);
    expect(await rules()).toBe(0);
  });

  test('reports every bad message', async () => {
    const missing: BatchOperation = { operation: 'delete', object: { ...CHAIN, name: 'missing' } };
    const { failures, message } = await refusalOf(
      connection.commit(
        encodeBatch([
          missing,
          rule([{ kind: 'lookup', source: 1, set: 'none', invert: false }]),
          rule([DROP]),
          rule([{ kind: 'unknown', name: 'nonsense' }]),
        ]),
      ),
    );
    expect(failures.map(({ index, error }) => [index, error.code, error.subject])).toEqual([
      [0, 'ENOENT', 'delete chain ip t missing'],
      [1, 'ENOENT', 'add rule ip t c'],
      [3, 'ENOENT', 'add rule ip t c'],
    ]);
    expect(message).toContain('(and 2 more)');
  });

  test('names the element that overlaps', async () => {
    const set = { kind: 'set', family: 'ip', table: 't', name: 's' } as const;
    const keys = [1, 2, 3].map(last => ({ key: Uint8Array.of(10, 0, 0, last) }));
    const elements = { kind: 'elements', family: 'ip', table: 't', set: 's' } as const;
    const created: BatchOperation = { operation: 'add', object: { ...set, flags: [], keyType: 7, keyLength: 4 } };
    await connection.commit(
      encodeBatch([created, { operation: 'add', object: { ...elements, elements: keys.slice(1, 2) } }]),
    );
    const { failures } = await refusalOf(
      connection.commit(encodeBatch([{ operation: 'create', object: { ...elements, elements: keys } }])),
    );
    expect(failures).toEqual([
      expect.objectContaining({ element: 1, error: expect.objectContaining({ code: 'EEXIST' }) }),
    ]);
  });

  test('names whose element a full map refuses, and whose rule', async () => {
    const map = { kind: 'set', family: 'ip', table: 't', name: 'm', keyType: 13, keyLength: 2, size: 2 } as const;
    const verdicts = { flags: ['map'], dataType: DATATYPES.verdict, dataLength: 0 } as const;
    const elements = [1, 2, 3].map(last => ({
      key: Uint8Array.of(0, last),
      data: { kind: 'verdict', verdict: { code: 'drop' } } as const,
      comment: `port ${last}`,
    }));
    const lookup = { kind: 'lookup', source: 1, set: 'none', invert: false } as const;
    const { failures } = await refusalOf(
      connection.commit(
        encodeBatch([
          { operation: 'add', object: { ...map, ...verdicts } },
          { operation: 'add', object: { kind: 'elements', family: 'ip', table: 't', set: 'm', elements } },
          {
            operation: 'add',
            object: { kind: 'rule', family: 'ip', table: 't', chain: 'c', expressions: [lookup], comment: 'web' },
          },
        ]),
      ),
    );
    expect(failures.map(({ error }) => [error.code, error.subject])).toEqual([
      ['ENFILE', 'add elements ip t m comment "port 3"'],
      ['ENOENT', 'add rule ip t c comment "web"'],
    ]);
  });

  test('counts elements over the messages that they take', async () => {
    const set = { kind: 'set', family: 'ip', table: 't', name: 's', flags: [], keyType: 7, keyLength: 4 } as const;
    const list = { kind: 'elements', family: 'ip', table: 't', set: 's' } as const;
    const keys = Array.from({ length: 5000 }, (_, index) => ({ key: Uint8Array.of(10, 0, index >> 8, index) }));
    const there = { ...list, elements: keys.slice(4500, 4501) };
    await connection.commit(
      encodeBatch([
        { operation: 'add', object: set },
        { operation: 'add', object: there },
      ]),
    );
    const { failures } = await refusalOf(
      connection.commit(encodeBatch([{ operation: 'create', object: { ...list, elements: keys } }])),
    );
    expect(failures).toEqual([
      expect.objectContaining({ element: 4500, error: expect.objectContaining({ code: 'EEXIST' }) }),
    ]);
  });

  test('a pin that is not there is ENOENT with the rule and its expression', async () => {
    const match = pinnedProgramMatch(`/sys/fs/bpf/netlink-connection-${process.pid}-missing`);
    const { failures } = await refusalOf(
      connection.commit(encodeBatch([rule([{ kind: 'counter' }, match, DROP], 'rule of program p')])),
    );
    expect(failures).toEqual([
      expect.objectContaining({
        expression: 1,
        error: expect.objectContaining({ code: 'ENOENT', subject: 'rule of program p' }),
      }),
    ]);
  });

  test('a stale generation is ERESTART and applies nothing', async () => {
    const before = await generation();
    await connection.commit(encodeBatch([rule([DROP])], before));
    await expect(connection.commit(encodeBatch([rule([DROP])], before))).rejects.toMatchObject({
      name: 'NetlinkError',
      code: 'ERESTART',
    });
    expect(await rules()).toBe(1);
    expect(await generation()).toBe(before + 1);
  });

  test('a batch of nothing is answered too', async () => {
    await connection.commit(encodeBatch([]));
    await connection.commit(encodeBatch([rule([DROP])], await generation()));
    await expect(connection.commit(encodeBatch([], 1))).rejects.toMatchObject({ code: 'ERESTART' });
    expect(await rules()).toBe(1);
  });

  test('a batch whose last message alone is refused, and one whose last message alone is not, are refusals', async () => {
    const missing = { operation: 'delete', object: { ...CHAIN, name: 'missing' } } as const;
    for (const [batch, index] of [
      [[rule([DROP]), missing], 1],
      [[missing, rule([DROP])], 0],
    ] as const) {
      const { failures, complete } = await refusalOf(connection.commit(encodeBatch(batch)));
      expect([failures.map(failure => failure.index), complete]).toEqual([[index], true]);
    }
    expect(await rules()).toBe(0);
  });

  test('more errors than the receive buffer holds are still a refusal, marked as incomplete', async () => {
    const missing = { operation: 'delete', object: { ...CHAIN, name: 'missing' } } as const;
    const few = await refusalOf(connection.commit(encodeBatch(new Array<BatchOperation>(1000).fill(missing))));
    expect([few.failures.length, few.complete]).toEqual([1000, true]);
    const many = await refusalOf(connection.commit(encodeBatch(new Array<BatchOperation>(100_000).fill(missing))));
    expect(many.failures.length).toBeLessThan(100_000);
    expect(many.complete).toBe(false);
    expect(await rules()).toBe(0);
  });

  test('concurrent commits and dumps do not take each other’s answers', async () => {
    const commits = Array.from({ length: 50 }, () => connection.commit(encodeBatch([rule([DROP])])));
    const failing = refusalOf(
      connection.commit(encodeBatch([{ operation: 'delete', object: { ...CHAIN, name: 'no' } }])),
    );
    const dump = connection.dump(dumpRules('ip', 't'));
    await Promise.all(commits);
    expect((await failing).failures).toHaveLength(1);
    expect(await dump).toHaveLength(50);
  });
});

describe('a short batch', () => {
  const SET = { kind: 'set', family: 'ip', table: 't', name: 's' } as const;
  const elements = { kind: 'elements', family: 'ip', table: 't', set: 's' } as const;
  const element = (last: number): BatchOperation => ({
    operation: 'create',
    object: { ...elements, elements: [{ key: Uint8Array.of(10, 0, last >> 8, last) }] },
  });
  const members = async () => {
    const answers = await connection.dump(dumpElements('ip', 't', 's'));
    return answers.flatMap(answer => decodeElements(answer).elements).length;
  };

  beforeEach(() =>
    connection.commit(encodeBatch([{ operation: 'add', object: { ...SET, flags: [], keyType: 7, keyLength: 4 } }])),
  );

  test('comes after the long ones that were asked for before it', async () => {
    const long = connection.commit(encodeBatch([...Array.from({ length: 2000 }, () => rule([DROP])), element(1)]));
    const refused = refusalOf(connection.commit(encodeBatch([element(1)])));
    await long;
    expect((await refused).code).toBe('EEXIST');
  });

  test('is refused with the element and by its generation like any other', async () => {
    await connection.commit(encodeBatch([element(1)]));
    const { failures } = await refusalOf(connection.commit(encodeBatch([element(2), element(1)])));
    expect(failures).toEqual([expect.objectContaining({ index: 1, element: 0 })]);
    const before = await generation();
    await connection.commit(encodeBatch([element(3)], before));
    await expect(connection.commit(encodeBatch([element(4)], before))).rejects.toMatchObject({ code: 'ERESTART' });
    expect(await members()).toBe(2);
  });

  test('by the hundred leaves turns to the event loop', async () => {
    let turns = 0;
    let turning = true;
    const turn = () => {
      turns++;
      if (turning) setImmediate(turn);
    };
    setImmediate(turn);
    for (let last = 0; last < 1000; last++) await connection.commit(encodeBatch([element(last)]));
    turning = false;
    expect(turns).toBeGreaterThanOrEqual(10);
    expect(await members()).toBe(1000);
  });
});

describe('validate', () => {
  test('accepts what commit would apply, and applies nothing', async () => {
    await connection.validate(encodeBatch([rule([DROP])]));
    expect(await rules()).toBe(0);
  });

  test('refuses what commit would refuse', async () => {
    const { failures } = await refusalOf(
      connection.validate(encodeBatch([rule([DROP]), rule([{ kind: 'unknown', name: 'nonsense' }])])),
    );
    expect(failures.map(({ index }) => index)).toEqual([1]);
  });
});

describe('the owner of a table', () => {
  const owned = { kind: 'table', family: 'ip', name: 'owned', flags: ['owner', 'persist'] } as const;

  test('is the only one to change it; with persist it outlives the socket and another may adopt it', async () => {
    const { answer } = await withScratch(askTablePersist);
    const owner = namespace.connect('netfilter');
    const made = owner.commit(encodeBatch([{ operation: 'add', object: owned }]));
    // Linux 6.9 and later have it.
    if (answer === 'no') {
      await expect(made).rejects.toMatchObject({ code: 'EOPNOTSUPP' });
      return;
    }
    await made;
    expect(await ownerOf('owned')).toBe(owner.portId);
    const { failures } = await refusalOf(connection.commit(encodeBatch([{ operation: 'delete', object: owned }])));
    expect(failures[0].error.code).toBe('EPERM');
    owner.close();
    for (let left = 1000; (await ownerOf('owned')) !== undefined && left > 0; left--) await setTimeout(5);
    await connection.commit(
      encodeBatch([
        { operation: 'add', object: owned },
        { operation: 'delete', object: owned },
      ]),
    );
    expect((await connection.dump(dumpTables('ip'))).map(decodeTable).map(({ name }) => name)).toEqual(['t']);
  });
});

describe('dump', () => {
  test('is read again when changes interrupt it, and an error rather than a part when they do not stop', async () => {
    await connection.commit(encodeBatch(Array.from({ length: 3000 }, () => rule([{ kind: 'counter' }, DROP]))));
    const other = namespace.connect('netfilter');
    const elsewhere = { kind: 'table', family: 'ip6', name: 'elsewhere' } as const;
    let changing = true;
    const changes = (async () => {
      while (changing) {
        await other.commit(
          encodeBatch([
            { operation: 'add', object: elsewhere },
            { operation: 'delete', object: elsewhere },
          ]),
        );
      }
    })();
    try {
      // Each single try is the whole or an error; the changes hit nearly all of them.
      const outcomes = new Set<string | number>();
      for (let tries = 0; tries < 100 && !outcomes.has('EINTR'); tries++) {
        outcomes.add(
          await connection.dump(dumpRules('ip', 't'), 1).then(
            ({ length }) => length,
            ({ code }) => code,
          ),
        );
      }
      expect(outcomes).toContain('EINTR');
      outcomes.delete('EINTR');
      expect([...outcomes].every(outcome => outcome === 3000)).toBe(true);
    } finally {
      changing = false;
    }
    const dump = connection.dump(dumpRules('ip', 't'));
    await changes;
    expect((await dump).map(decodeRule)).toHaveLength(3000);
  });

  test('of a chain that is not there is empty, of a set that is not there ENOENT', async () => {
    expect(await connection.dump(dumpRules('ip', 't', 'missing'))).toEqual([]);
    await expect(connection.dump(dumpElements('ip', 't', 'missing'))).rejects.toMatchObject({
      code: 'ENOENT',
      subject: 't missing',
    });
  });
});

/** A connection that also gets every change of the namespace (group NFNLGRP_NFTABLES, 7) and does not read them. */
function subscribed(): Connection {
  const socket = openSocket({ netns: namespace.path, domain: 16, type: 3, protocol: 12 });
  socket.bindNetlink(0, 1 << 6);
  return new Connection(socket);
}

test('messages that nobody asked for are not taken for answers', async () => {
  const listening = subscribed();
  try {
    await connection.commit(encodeBatch([rule([DROP]), rule([DROP])]));
    expect(await listening.request(getGeneration())).toHaveLength(1);
    await connection.commit(encodeBatch([rule([DROP])]));
    expect(await listening.dump(dumpRules('ip', 't'))).toHaveLength(3);
    await connection.commit(encodeBatch([rule([DROP])]));
    await listening.commit(encodeBatch([rule([DROP])]));
    expect(await rules()).toBe(5);
  } finally {
    listening.close();
  }
});

test('a dump whose receive buffer overflowed is an error or is read again, never a part of the ruleset', async () => {
  await connection.commit(encodeBatch([rule([DROP])]));
  const deaf = subscribed();
  const flood = encodeBatch(Array.from({ length: 5000 }, () => rule([DROP])));
  try {
    await connection.commit(flood);
    await expect(deaf.dump(dumpRules('ip', 't'), 1)).rejects.toMatchObject({
      code: 'ENOBUFS',
      operation: 'dump rules',
    });
    await connection.commit(flood);
    expect(await deaf.dump(dumpRules('ip', 't'))).toHaveLength(10_001);
  } finally {
    deaf.close();
  }
});

test('a closed connection rejects', async () => {
  const closed = namespace.connect('netfilter');
  closed.close();
  await expect(closed.dump(dumpTables())).rejects.toMatchObject({ code: 'EBADF' });
});

test('a namespace that is not there is an error that names it', () => {
  const netns = `${namespace.path}-missing`;
  expect(() => openConnection({ protocol: 'netfilter', netns })).toThrow(
    expect.objectContaining({ code: 'ENOENT', object: netns }),
  );
});
