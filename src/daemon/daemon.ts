// The agent as a program: the store is opened, what is overdue rolled back, the agent told what is desired, and the API
// listens. Stopped or killed, the kernel goes on filtering.

import type { Logger } from 'pino';
import { type Agent, startAgent } from '../agent/agent';
import { apiOf } from '../api/api';
import { DesiredState } from '../desired/desired-state';
import { changedByFolder, type DesiredAccounts, followFolder } from '../desired/folder';
import { readAllDesired } from '../desired/read-all';
import { errorReports } from '../report/error-report';
import { openFileStore } from '../store/file-store';
import type { Store } from '../store/store';
import type { DaemonSettings } from './daemon-settings';
import { descriptorLimit, fewDescriptors } from './descriptor-limit';
import { logEvent } from './event-log';
import { listenOnSocket, stopListening } from './listen';
import { lockRealm } from './realm-lock';

export interface Daemon {
  /** The folder of documents, where there is one. What goes wrong is told in the log. */
  reread(): Promise<void>;
  /** Finishes what is under way. */
  close(): Promise<void>;
}

/** Resolves when the API answers. Rejects with StoreError, RealmTakenError, SocketInUseError. */
export async function startDaemon(settings: DaemonSettings, log: Logger): Promise<Daemon> {
  const store = await openFileStore(settings.data);
  const open: (() => void)[] = [store.close];
  const letGo = () => {
    for (const close of open) close();
  };
  try {
    open.push(lockRealm(settings.agent).release);
    return await startWithStore(settings, log, store, letGo);
  } catch (error) {
    letGo();
    throw error;
  }
}

/** `letGo` when nothing is under way any more. */
async function startWithStore(settings: DaemonSettings, log: Logger, store: Store, letGo: () => void): Promise<Daemon> {
  const { compile, cache, bodyLimit, keptVersions } = settings;
  const tell = logEvent.bind(undefined, log);
  for (const problem of store.problems)
    for (const report of errorReports(problem)) log.error(report, 'not of the store; nothing is swept');
  const { backoff } = settings.agent;
  const first = await readAllDesired(store, backoff, tell);
  const few = fewDescriptors(
    first.desired.map(({ account }) => account),
    descriptorLimit(),
  );
  if (few !== undefined) log.warn(few, 'too few file descriptors for so many accounts');
  const stored = await store.records();
  const agent: Agent = startAgent({
    settings: settings.agent,
    compile,
    cache,
    ...first,
    isWhole: store.problems.length === 0,
    tell: event => {
      logEvent(log, event);
      if (event.kind === 'in_force') desired.cameInForce(event.account, event.version);
      if (event.kind === 'removed') desired.removed(event.account);
    },
  });
  const names = { realm: settings.agent.realm };
  const desired = new DesiredState({ store, agent, compile, keptVersions, backoff, names, tell }, stored, first);
  const stop = async () => {
    await agent.close();
    await desired.close();
    letGo();
  };
  try {
    const { accounts: folder, socket, data } = settings;
    const reread = () => readAgain(folder, desired, store, log);
    const asked: DesiredAccounts = folder === undefined ? desired : changedByFolder(desired, folder);
    const server = await listenOnSocket(socket, apiOf({ agent, desired: asked, bodyLimit, log }));
    log.info({ data, socket, accounts: first.desired.length + first.unreadable.length }, 'started');
    void reread();
    return {
      reread,
      async close() {
        await stopListening(server);
        await stop();
        log.info('stopped; the kernel goes on filtering');
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function readAgain(folder: string | undefined, desired: DesiredState, store: Store, log: Logger): Promise<void> {
  if (folder === undefined) return;
  const wanted = (await store.records()).filter(record => record.desired !== undefined);
  const known = [...wanted, ...(await store.lost())];
  try {
    const { problems, ...read } = await followFolder(
      desired,
      folder,
      known.map(({ account }) => account),
    );
    for (const problem of problems) log.error(problem, 'a document is refused; its account stays as it is');
    log.info({ folder, ...read, refused: problems.length }, 'read the folder of documents');
  } catch (error) {
    for (const report of errorReports(error)) log.error(report, 'the folder of documents is not followed; all stays');
  }
}
