// SPDX-License-Identifier: MIT

/**
 * A client of the AWS SDK for JavaScript, version 3, of any release, or an object that wraps one.
 *
 * Only `send` is called. The type asks for no more, so that the client fits whatever release of the SDK its owner has installed.
 */
export interface AwsClient {
  send(command: never, options?: never): Promise<unknown>;
}

/**
 * True for an error of this name that an AWS service answered.
 *
 * The name tells, not the class: the client may come from another copy of the SDK, whose classes are others.
 */
export function isAwsError(error: unknown, name: string): error is Error {
  return error instanceof Error && error.name === name;
}
