import { encodeBatch } from '../../../src/netlink/nftables/batch';
import { messagesText } from './messages-text';
import { RECORDED } from './recorded-cases';

describe('our bytes are those that nft 1.0.6 sends', () => {
  test.each(RECORDED.map(recorded => [recorded.command, recorded] as const))(
    'nft %s',
    (_, { operations, recorded, differently }) => {
      const { bytes, end } = encodeBatch(operations);
      expect(messagesText(bytes.subarray(20, end))).toBe(messagesText(differently?.sent ?? recorded));
    },
  );
});
