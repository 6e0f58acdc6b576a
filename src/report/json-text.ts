// Values with bigints as JSON. JSON.stringify refuses bigints and is several times as fast as what takes them, so it is given
// numbers wherever these hold the same.

import { stringify } from 'lossless-json';

export function jsonText(value: unknown): string {
  let exact = true;
  const text = JSON.stringify(value, (_, member: unknown) => {
    if (typeof member !== 'bigint') return member;
    const number = Number(member);
    exact &&= Number.isSafeInteger(number);
    return number;
  });
  return (exact ? text : stringify(value)) ?? 'null';
}
