import { protocolNames } from '../../src/net/protocol-number';

describe('protocol numbers and names', () => {
  test.each<[number, string]>([
    [0, 'hopopt'],
    [1, 'icmp'],
    [2, 'igmp'],
    [6, 'tcp'],
    [17, 'udp'],
    [47, 'gre'],
    [50, 'esp'],
    [51, 'ah'],
    [58, 'ipv6-icmp'],
    [89, 'ospfigp'],
    [132, 'sctp'],
  ])('%d is %s', (number, name) => {
    expect(protocolNames(number)[0]).toBe(name);
  });

  test('a number without a keyword goes by its digits', () => {
    expect(protocolNames(253)).toEqual(['253']);
  });

  test('icmpv6 and ospf are other names of their numbers', () => {
    expect([protocolNames(58), protocolNames(89)]).toEqual([
      ['ipv6-icmp', 'icmpv6', 'icmp6'],
      ['ospfigp', 'ospf'],
    ]);
  });

  test('no two numbers share a name', () => {
    const names = Array.from({ length: 256 }, (_, number) => protocolNames(number)).flat();
    expect(new Set(names).size).toBe(names.length);
  });
});
