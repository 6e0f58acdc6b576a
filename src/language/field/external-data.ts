// What fields need that no packet holds, and what to do on a host that does not have it.

export type ExternalData = 'colo_name' | 'colo_region' | 'country' | 'asn' | 'sip' | 'managed_list';

export interface DataDescription {
  /** 'needs ... '. */
  readonly what: string;
  /** What to do on a host that does not have it. */
  readonly cure: string;
}

export const EXTERNAL_DATA: Readonly<Record<ExternalData, DataDescription>> = {
  colo_name: {
    what: 'the name of the data center, a setting of the host',
    cure: 'say in which data center this host stands: --colo-name NAME, or RAMPART_COLO_NAME in the environment',
  },
  colo_region: {
    what: 'the region of the data center, a setting of the host',
    cure: 'say in which region this host stands: --colo-region NAME, or RAMPART_COLO_REGION in the environment',
  },
  country: {
    what: 'a database of the countries of addresses',
    cure: 'no database of countries can be given yet: name the prefixes in a set, or in a list of the policy',
  },
  asn: {
    what: 'a database of the autonomous systems of addresses',
    cure: 'no database of autonomous systems can be given yet: name the prefixes in a set, or in a list of the policy',
  },
  sip: {
    what: 'a program that knows SIP',
    cure: 'SIP cannot be told from other UDP yet: look at `udp.dstport` and `udp.payload` instead',
  },
  managed_list: {
    what: 'the managed lists',
    cure: 'managed lists cannot be given yet: put the addresses into a list of the policy',
  },
};
