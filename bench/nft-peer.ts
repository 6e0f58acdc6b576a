// nft as the peer that changes one rule: the command, started for each change, and one that is held open.

import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Peer } from './change-rule';
import { duration, medianDuration } from './interleave';
import { median } from './median';
import { installNft } from './peer';
import { runIn, timed } from './process';

const COMMANDS_IN_A_RUN = 3;
const ELEMENTS_IN_A_RUN = 200;

/** `nft replace rule`, by the rule's handle. `rules` are without the table, in the order of the chain. */
export async function nftReplaceRule(
  namespace: string,
  directory: string,
  ruleset: string,
  replacement: (count: number) => { readonly position: number; readonly rule: string },
): Promise<Peer> {
  await installNft(ruleset)(namespace, directory);
  const listing = await runIn(namespace, 'nft', '--handle', '--terse', 'list', 'chain', 'ip', 'peer', 'rules');
  const handles = [...listing.matchAll(/ # handle ([0-9]+)$/gm)].map(([, handle]) => handle as string).slice(1);
  let count = 0;
  return {
    run: async () => {
      const times: number[] = [];
      for (let command = 0; command < COMMANDS_IN_A_RUN; command++) {
        const { position, rule } = replacement(count++);
        const words = ['replace', 'rule', 'ip', 'peer', 'rules', 'handle', handles[position] as string];
        times.push(1e3 * (await timed(namespace, 'nft', ...words, ...rule.split(' '))));
      }
      return median(times);
    },
    close: () => undefined,
  };
}

/** `nft -i` held open, `add element` line after line. */
export async function nftAddElement(
  namespace: string,
  directory: string,
  ruleset: string,
  element: (count: number) => string,
): Promise<Peer> {
  await installNft(ruleset)(namespace, directory);
  const nft = spawn('nsenter', [`--net=/run/netns/${namespace}`, 'nft', '-i']);
  const failed = once(nft.stderr, 'data').then(([said]) => Promise.reject(new Error(`nft -i: ${said}`)));
  let count = 0;
  const add = (commands: number) => {
    const lines = Array.from({ length: commands }, () => `add element ip peer rules { ${element(count++)} }\n`);
    return duration(() => Promise.race([answered(nft, lines.join('')), failed]));
  };
  await add(ELEMENTS_IN_A_RUN);
  return {
    run: async () => {
      // What the answer itself takes is not the commands'.
      const alone = await add(0);
      return (1e3 * ((await add(ELEMENTS_IN_A_RUN)) - alone)) / ELEMENTS_IN_A_RUN;
    },
    // With the answer that is waited for: nft has no other way to say that it is done.
    awaited: async () => 1e3 * (await medianDuration(ELEMENTS_IN_A_RUN, () => add(1))),
    close: () => nft.kill(),
  };
}

/** nft says nothing of a command that succeeds. After them it is asked something that the kernel has no part in. */
async function answered(nft: ChildProcessWithoutNullStreams, commands: string): Promise<void> {
  nft.stdin.write(`${commands}describe tcp dport\n`);
  for (let said = ''; !said.endsWith('16 bits\n'); ) {
    const [part] = await once(nft.stdout, 'data');
    said += String(part);
  }
}
