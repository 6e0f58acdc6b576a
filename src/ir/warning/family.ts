// How a rule says that it is for packets of one IP version.

export function familyCondition(version: 4 | 6): string {
  return `ip.version eq ${version}`;
}
