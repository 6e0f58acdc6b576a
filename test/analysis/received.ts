// Which frames the kernel's receive path hands to the hooks, as ip_rcv_core (net/ipv4/ip_input.c) and ip6_rcv_core
// (net/ipv6/ip6_input.c) decide by lengths: the analysis speaks of these packets and of no others.

export function isReceived(frame: Uint8Array): boolean {
  const version = (frame[0] ?? 0) >> 4;
  if (version === 4) return isReceivedIpv4(frame);
  return version === 6 && isReceivedIpv6(frame);
}

function isReceivedIpv4(frame: Uint8Array): boolean {
  if (frame.length < 20) return false;
  const headerLength = ((frame[0] as number) & 15) * 4;
  const totalLength = (frame[2] as number) * 256 + (frame[3] as number);
  return headerLength >= 20 && totalLength >= headerLength && totalLength <= frame.length;
}

function isReceivedIpv6(frame: Uint8Array): boolean {
  if (frame.length < 40) return false;
  const payloadLength = (frame[4] as number) * 256 + (frame[5] as number);
  const jumbogram = payloadLength === 0 && frame[6] === 0;
  return jumbogram || frame.length >= 40 + payloadLength;
}
