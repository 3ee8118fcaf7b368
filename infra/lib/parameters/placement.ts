// SPDX-License-Identifier: MIT
/** Where a loader is deployed. */
export interface Placement {
  /** Names the stack, `LedgerLoader-ID`. @defaultValue the channel */
  readonly id?: string;
  /** @defaultValue the region of the AWS CLI's profile */
  readonly region?: string;
  /** @defaultValue the account of the AWS CLI's profile */
  readonly account?: string;
  /** @defaultValue `LedgerLoader-ID` */
  readonly stackName?: string;
}
