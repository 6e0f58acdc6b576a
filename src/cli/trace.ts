// rampart trace: what the evaluator makes of each frame of a capture.

import { compileRuleset, DEFAULT_OPTIONS } from '../compile';
import { evaluate } from '../ir/evaluate';
import type { Ruleset } from '../ir/ruleset';
import type { Frame } from '../pcap/frame';
import { ipPacketOf } from '../pcap/link-layer';
import { readCapture } from '../pcap/read-capture';
import { type Register, UsageError } from './command';
import { EXIT } from './exit-code';
import { type FrameReport, frameReport, printFrameReport } from './frame-report';
import { accepted, givenRules } from './given-rules';
import { type RulesOption, type SiteOption, siteOf, withRules, withSite } from './options';

interface TraceOptions extends RulesOption, SiteOption {
  readonly pcap: string;
  readonly inIface?: Uint8Array;
}

export const register: Register = (program, act) => {
  const command = program
    .command('trace')
    .description('judges every frame of a capture by the evaluator; nothing is sent and nothing applied')
    .requiredOption('--pcap <file>', 'pcap or pcapng; link types RAW, IPv4, IPv6, Ethernet and others');
  command.option(
    '--in-iface <name>',
    'the interface that the frames came in by (default: nobody knows)',
    interfaceName,
  );
  withRules(withSite(command)).action(
    act((output, options: TraceOptions) => {
      const given = givenRules(options);
      const ruleset = accepted(given, compileRuleset(given.text, { ...DEFAULT_OPTIONS, site: siteOf(options) }));
      for (const frame of readCapture(options.pcap)) {
        const report = traceFrame(frame, ruleset, { inIface: options.inIface, single: given.kind === 'expression' });
        output.print(report, () => printFrameReport(report));
      }
      return EXIT.done;
    }),
  );
};

/** What dev_valid_name (net/core/dev.c) takes. */
function interfaceName(text: string): Uint8Array {
  const name = Buffer.from(text);
  if (name.length === 0 || name.length > 15 || /[/:\s\0]|^\.\.?$/.test(text)) {
    throw new UsageError(
      `${JSON.stringify(text)} cannot be the name of an interface`,
      'give 1 to 15 bytes, such as eth0',
    );
  }
  return name;
}

interface Tracing {
  readonly inIface: Uint8Array | undefined;
  readonly single: boolean;
}

function traceFrame(frame: Frame, ruleset: Ruleset, { inIface, single }: Tracing): FrameReport {
  const link = ipPacketOf(frame);
  // What is no IP packet no rule can match.
  const packet = 'skipped' in link ? new Uint8Array(0) : link.packet;
  const { verdict, rule, matched } = evaluate(ruleset, packet, inIface);
  return frameReport(frame.number, { verdict, rule: rule?.ref, matched: matched.map(({ ref }) => ref) }, single);
}
