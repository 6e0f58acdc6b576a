// What a document says otherwise than the desired one.

import type { CompileOptions } from '../compile';
import type { Names } from '../network/names';
import { DEFAULT_PREVIEW_OPTIONS, type Preview, preview } from '../preview/preview';
import type { ErrorReport } from '../report/error-report';
import { refusedPolicy } from '../report/expression-report';
import type { Store } from '../store/store';
import { desiredOf } from './desired-reading';
import { type GivenDocument, readDocumentOf } from './read-document';

export interface DesiredPreviewOptions {
  readonly store: Store;
  readonly compile: CompileOptions;
  /** By which the agent knows its own. */
  readonly names: Names;
}

export type DesiredPreview = Preview & { readonly warnings: readonly ErrorReport[] };

/** `budget`: steps of proof in each family. */
export async function previewDesired(
  { store, compile, names }: DesiredPreviewOptions,
  account: string,
  given: GivenDocument,
  budget?: number,
): Promise<DesiredPreview> {
  const { account: after, warnings } = readDocumentOf(account, given, compile);
  const record = await store.record(account);
  const before = record?.desired === undefined ? undefined : await desiredOf(store, record);
  const options = { ...DEFAULT_PREVIEW_OPTIONS, site: compile.site, names, ...(budget && { budget }) };
  const outcome = preview(before?.account, after, options);
  if (outcome.ok) return { ...outcome.value, warnings };
  const [source, refused] =
    outcome.side === 'before' ? [`version ${before?.version}`, before?.account] : [given.source, after];
  throw refusedPolicy(source, refused ?? after, outcome.refused);
}
