// SPDX-License-Identifier: MIT

/**
 * Why a function has no result; whoever knows the place in the statement makes an error of it.
 *
 * Most operands that do not fit give NULL or MISSING instead.
 */
export class Problem {
  /** Ends the sentence "Expected …, found …", and names no value. */
  readonly found: string;

  constructor(found: string) {
    this.found = found;
  }
}
