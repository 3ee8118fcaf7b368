// SPDX-License-Identifier: MIT
import { explainMissingPackage } from "@ledger-loader/errors";

/** A client of AWS that is installed by those who need it. */
export type OptionalClient = "@aws-sdk/client-kinesis" | "@aws-sdk/client-s3";

/**
 * Checks that a client of AWS is installed: at the start of a server, not at the first request that needs the client.
 *
 * @throws PackageMissingError if it is not.
 */
export function requireClient(name: OptionalClient): void {
  try {
    require.resolve(name);
  } catch (error) {
    throw explainMissingPackage(error, [name]);
  }
}
