// Answers pings at the origin's end of the tunnel instead of its kernel, with packets that a case has made its own.

import { openSocketIn } from '../../src/netns/socket';
import { internetChecksum } from '../../src/packet/build';
import { ip } from './network';

const AF_PACKET = 17;
const SOCK_RAW = 3;
const ETH_P_ALL = 3;
const ETHERNET = 14;
const IPV4 = 20;

export interface Forger {
  readonly sent: number;
  close(): void;
}

/** What goes back for a request: the right answer is given, and the right answer to the first request of all. */
type Forge = (answer: Uint8Array, first: Uint8Array) => Uint8Array;

/** `then` is called when an answer is sent. Both packets are IPv4 ones with an ICMP message. */
export function forgeAnswers(namespace: string, forge: Forge, then: () => void = () => {}): Forger {
  const socket = openSocketIn(namespace, { domain: AF_PACKET, type: SOCK_RAW, protocol: 0 });
  socket.bindPacket(Number(ip(namespace, '-o link show fra1').split(':')[0]), ETH_P_ALL);
  let sent = 0;
  let first: Uint8Array | undefined;
  const answerAll = async () => {
    for (;;) {
      const frames = await socket.receive().catch(() => undefined);
      if (frames === undefined) return;
      for (const frame of frames.filter(isRequest)) {
        const answer = answerTo(frame);
        first ??= answer;
        socket.sendNow(withEthernet(frame, withChecksum(forge(answer, first))));
        sent++;
        then();
      }
    }
  };
  void answerAll();
  return {
    get sent() {
      return sent;
    },
    close: () => socket.close(),
  };
}

function isRequest(frame: Uint8Array): boolean {
  return frame[12] === 0x08 && frame[13] === 0 && frame[ETHERNET + 9] === 1 && frame[ETHERNET + IPV4] === 8;
}

/** Source and destination exchanged, which leaves the header's checksum right, and the type of a reply. */
function answerTo(frame: Uint8Array): Uint8Array {
  const packet = Buffer.from(frame.subarray(ETHERNET));
  const answer = Buffer.from(packet);
  packet.copy(answer, 12, 16, 20);
  packet.copy(answer, 16, 12, 16);
  answer[IPV4] = 0;
  return answer;
}

/** Total length and both checksums as the kernel wants them. */
function withChecksum(packet: Uint8Array): Uint8Array {
  const bytes = Buffer.from(packet);
  bytes.writeUInt16BE(bytes.length, 2);
  bytes.writeUInt16BE(0, 10);
  bytes.writeUInt16BE(internetChecksum(bytes.subarray(0, IPV4)), 10);
  bytes.writeUInt16BE(0, IPV4 + 2);
  bytes.writeUInt16BE(internetChecksum(bytes.subarray(IPV4)), IPV4 + 2);
  return bytes;
}

function withEthernet(request: Uint8Array, packet: Uint8Array): Uint8Array {
  return Buffer.concat([request.subarray(6, 12), request.subarray(0, 6), request.subarray(12, 14), packet]);
}
