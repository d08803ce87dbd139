/** What a text may hold at most; far above what a person writes, far below what hurts. */
export const limits = {
  bytes: 1_048_576,
  /** Maps and lists within each other. */
  depth: 32,
  documents: 5_000,
  /** Values of all documents together, each use of an anchor counted again. */
  values: 200_000,
  /** Uses of anchors, those within what an anchor stands for included. */
  aliases: 50,
} as const;
