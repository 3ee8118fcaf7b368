// SPDX-License-Identifier: MIT

/** Stands for "still holds" in columns that name the block from which a row holds no longer. */
export const OPEN_END = Number.MAX_SAFE_INTEGER;
