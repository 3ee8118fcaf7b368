// SPDX-License-Identifier: MIT

/**
 * Loads the official driver. It brings two clients of the AWS SDK and a tenth of a second of processor time, so it is loaded where a
 * connection is opened, and not where a program only reads exports.
 */
export function loadDriver(): typeof import("amazon-qldb-driver-nodejs") {
  // oxlint-disable-next-line typescript/no-require-imports -- a ledger is constructed, and not awaited
  return require("amazon-qldb-driver-nodejs") as typeof import("amazon-qldb-driver-nodejs");
}
