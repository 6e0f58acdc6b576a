// Register numbers of nf_tables. NFT_REG_1..4 name four registers of 16 bytes; NFT_REG32_00..15 the same memory in
// pieces of 4 bytes, for the second and further fields of a concatenated key. nft 1.0.6 calls a 16-byte register's first
// piece by its 16-byte number, and so do we.

/** enum nft_registers. */
export type Register = number;

export const NFT_REG_VERDICT: Register = 0;
export const NFT_REG_1: Register = 1;
export const NFT_REG32_00: Register = 8;

/** The register `words` pieces of 4 bytes after the start of NFT_REG_1, as nft numbers it. */
export function registerAtWord(words: number): Register {
  if (!Number.isInteger(words) || words < 0 || words > 15)
    throw new RangeError(`there are 16 register words, not ${words + 1}`);
  return words % 4 === 0 ? NFT_REG_1 + words / 4 : NFT_REG32_00 + words;
}
