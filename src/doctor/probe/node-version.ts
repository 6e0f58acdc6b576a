// The running Node.js against package.json's "engines".

import { type Finding, no, yes } from '../probe';

const MINIMUM = { major: 20, minor: 17 };

export function askNodeVersion(): Finding {
  return judgeNodeVersion(process.versions.node);
}

export function judgeNodeVersion(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const enough = major > MINIMUM.major || (major === MINIMUM.major && minor >= MINIMUM.minor);
  return enough ? yes(version) : no(version);
}
