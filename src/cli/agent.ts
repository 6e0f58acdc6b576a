// rampart agent: keeps accounts as they are desired, until it is told to stop; then the kernel goes on filtering.

import { Option } from 'commander';
import pino from 'pino';
import { DEFAULT_POLICY_LIMITS } from '../account/policy-limits';
import { DEFAULT_AGENT_SETTINGS } from '../agent/agent-settings';
import { type Daemon, startDaemon } from '../daemon/daemon';
import { DEFAULT_DATA, DEFAULT_KEPT_VERSIONS } from '../daemon/daemon-settings';
import { type Register, UsageError } from './command';
import { EXIT } from './exit-code';
import { takeOverSignal } from './exit-on-signal';
import {
  type BackendOption,
  type CacheOption,
  compileOptions,
  objectCache,
  type SiteOption,
  type SocketOption,
  withBackend,
  withCache,
  withSite,
  withSocket,
} from './options';

const LEVELS = ['debug', 'info', 'warn', 'error'];

interface AgentOptions extends BackendOption, CacheOption, SiteOption, SocketOption {
  readonly data: string;
  readonly realm: string;
  readonly accounts?: string;
  readonly keepVersions: string;
  readonly logLevel: string;
}

export const register: Register = (program, act) => {
  const command = program
    .command('agent')
    .description('keeps many accounts as they are desired, repairs what others change, and answers on a unix socket')
    .addOption(
      new Option('--data <directory>', 'where it keeps what is desired').env('RAMPART_DATA').default(DEFAULT_DATA),
    )
    .option('--realm <name>', 'begins the names of all that is its own', DEFAULT_AGENT_SETTINGS.realm)
    .option('--accounts <directory>', 'what is desired: a document ACCOUNT.yaml each, read again on SIGHUP')
    .option('--keep-versions <number>', 'of each account', String(DEFAULT_KEPT_VERSIONS))
    .addOption(new Option('--log-level <level>', 'of what goes to standard error').choices(LEVELS).default('info'));
  withSocket(withCache(withSite(withBackend(command)))).action(
    act(async (_output, options: AgentOptions) => {
      const log = pino({ base: null, level: options.logLevel }, pino.destination({ dest: 2, sync: true }));
      const { data, socket, realm, accounts } = options;
      if (!/^[a-z0-9-]{1,32}$/.test(realm))
        throw new UsageError(`${realm} is no realm`, 'write 1 to 32 of a-z, 0-9 and -');
      const daemon = await startDaemon(
        {
          data,
          socket,
          ...(accounts !== undefined && { accounts }),
          agent: { ...DEFAULT_AGENT_SETTINGS, realm },
          compile: compileOptions(options),
          cache: objectCache(options),
          keptVersions: keptVersions(options),
          bodyLimit: DEFAULT_POLICY_LIMITS.fileBytes,
        },
        log,
      );
      await untilStopped(daemon);
      return EXIT.done;
    }),
  );
};

/** SIGHUP reads the folder of documents again. */
async function untilStopped(daemon: Daemon): Promise<void> {
  const reread = () => {
    takeOverSignal('SIGHUP', reread);
    void daemon.reread();
  };
  takeOverSignal('SIGHUP', reread);
  await new Promise<void>(resolve => {
    takeOverSignal('SIGINT', resolve);
    takeOverSignal('SIGTERM', resolve);
  });
  await daemon.close();
}

function keptVersions({ keepVersions }: AgentOptions): number {
  if (/^[1-9][0-9]{0,5}$/.test(keepVersions)) return Number(keepVersions);
  throw new UsageError(`--keep-versions is ${keepVersions}`, 'write a number from 1');
}
