// nf_tables messages as hexadecimal text to compare: type, flags and what follows the nlmsghdr, a message a line. The
// sequence number and the port id, which differ from run to run, are left out. Text in any layout becomes the same.

export function messagesText(messages: Uint8Array | string): string {
  if (typeof messages === 'string') {
    const words = messages.trim().split(/\s+/);
    return words
      .map(word => (/^0a[0-9a-f]{2}$/.test(word) ? `\n${word}` : word))
      .join('')
      .trim();
  }
  const lines: string[] = [];
  const view = new DataView(messages.buffer, messages.byteOffset, messages.byteLength);
  for (let offset = 0; offset < messages.length; offset += view.getUint32(offset, true)) {
    const hex = (value: number) => value.toString(16).padStart(4, '0');
    const body = Buffer.from(messages.subarray(offset + 16, offset + view.getUint32(offset, true))).toString('hex');
    lines.push(`${hex(view.getUint16(offset + 4, true))}${hex(view.getUint16(offset + 6, true))}${body}`);
  }
  return lines.join('\n');
}
