// rampart replay: what the kernel makes of each frame of a capture, in the same lines as trace.

import { compile } from '../compile';
import { decides } from '../ir/ruleset';
import type { Frame } from '../pcap/frame';
import { readCapture } from '../pcap/read-capture';
import { type Fate, replay } from '../replay/replay';
import type { Register } from './command';
import { EXIT } from './exit-code';
import { type FrameReport, frameReport, printFrameReport } from './frame-report';
import { accepted, givenRules } from './given-rules';
import {
  type BackendOption,
  type CacheOption,
  compileOptions,
  objectCache,
  type RulesOption,
  type SiteOption,
  withBackend,
  withCache,
  withRules,
  withSite,
} from './options';

interface ReplayOptions extends RulesOption, BackendOption, CacheOption, SiteOption {
  readonly pcap: string;
}

export const register: Register = (program, act) => {
  const command = program
    .command('replay')
    .description(
      'sends every frame of a capture through the real kernel, in a scratch namespace with the rules applied',
    )
    .requiredOption('--pcap <file>', 'pcap or pcapng; link types RAW, IPv4, IPv6, Ethernet and others');
  withRules(withCache(withSite(withBackend(command)))).action(
    act(async (output, options: ReplayOptions) => {
      const given = givenRules(options);
      const plan = accepted(given, compile(given.text, compileOptions(options)));
      await replay(plan, readCapture(options.pcap), objectCache(options), (frame, fate) => {
        const report = reportOf(frame, fate, given.kind === 'expression');
        output.print(report, () => printFrameReport(report));
      });
      return EXIT.done;
    }),
  );
};

function reportOf({ number }: Frame, fate: Fate, single: boolean): FrameReport {
  if (fate.kind === 'unseen') return { frame: number, verdict: 'unseen', reason: fate.reason };
  const decided = fate.matched.find(decides);
  const matched = fate.matched.map(({ ref }) => ref);
  return frameReport(number, { verdict: fate.verdict, rule: decided?.ref, matched }, single);
}
