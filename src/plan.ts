// The kernel state that a policy asks for, as plain data: two tables and the programs that their rules call. A plan can
// be printed, compared and kept; only reconcile/ sends it anywhere.

import type { Program } from './backend/ebpf/program';
import type { Backend, Choice } from './backend/nft/rule';
import type { NftTable } from './backend/nft/table';
import type { Change, Classifier } from './classifier/classifier';
import type { Shape } from './classifier/shape';
import type { Rule, Ruleset } from './ir/ruleset';
import type { PacketFamily } from './packet/packet';
import type { Stage, StageChoice } from './stage/stage';

export interface PlanOptions {
  readonly choice: Choice;
  readonly stages: StageChoice;
  /** NFLOG group of `log` and shadow rules. */
  readonly logGroup: number;
  /** Order keys in force by ref, of which the plan keeps what it can; without them the rules are numbered. */
  readonly keys?: ReadonlyMap<string, string>;
  /** Of classifiers in force: a new one of the same shape needs no other program. */
  readonly shapes?: Readonly<Record<PacketFamily, Shape | undefined>>;
}

export interface Plan {
  readonly account: string;
  /** That it was compiled with. */
  readonly options: PlanOptions;
  /** Equal policies have equal versions (plan-version.ts). */
  readonly version: string;
  readonly ruleset: Ruleset;
  /** The rules that changeRule() has exchanged one of, and which, counted from 0; not there where all was compiled. */
  readonly change?: { readonly from: readonly Rule[]; readonly position: number };
  /** Order keys by ref: what the rules' comments and chains bear, and the next plan's `keys`. */
  readonly keys: ReadonlyMap<string, string>;
  readonly tables: Readonly<Record<PacketFamily, NftTable>>;
  /** By name; programs that both families call the same way are still two. */
  readonly programs: ReadonlyMap<string, Program>;
  /** What took each rule of the ruleset. */
  readonly backends: Readonly<Record<PacketFamily, readonly Backend[]>>;
  readonly stages: Readonly<Record<PacketFamily, readonly Stage[]>>;
  /** undefined where no stage is a classifier. */
  readonly classifiers: Readonly<Record<PacketFamily, PlannedClassifier | undefined>>;
}

export interface PlannedClassifier {
  /** Its text depends on the shape of the rules, not on their values. */
  readonly program: Program;
  readonly classifier: Classifier;
  /** How the classifier came from the one of an earlier plan; undefined where it was built from the rules. */
  readonly change: (Change & { readonly before: Classifier }) | undefined;
}
