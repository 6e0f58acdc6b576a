// The interfaces that packets come in by in the tests: what the field in_iface is of each way to judge one.

import { RECEIVE_END } from '../../src/replay/scratch-network';

/** Replay's. */
export const RECEIVING = Buffer.from(RECEIVE_END);
/** BPF_PROG_TEST_RUN gives every packet the loopback device (bpf_prog_test_run_skb). */
export const LOOPBACK = Buffer.from('lo');
