// SPDX-License-Identifier: MIT

/** A client of the AWS SDK for JavaScript, version 3, of any release, or an object that wraps one. */
export interface ServiceClient {
  send(command: never, options?: never): Promise<unknown>;
  destroy(): void;
}
