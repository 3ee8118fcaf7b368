// SPDX-License-Identifier: MIT
import type { IncomingMessage } from "node:http";
import { userArn } from "../../arn";
import { AccessDeniedError } from "./access-denied-error";
import type { AccessKey } from "./credentials-file";

/** The sender of a request, and the sender's permissions. */
export interface Caller {
  /** The access key that signed the request; `undefined` on a server without credentials. */
  readonly accessKeyId: string | undefined;
  /** True for a caller who may read only, whatever the policy allows. */
  readonly isReader?: boolean;
  /**
   * Throws unless the caller may do this.
   *
   * @param arns - all ARNs of one resource; one of them must be allowed, and none denied
   * @throws AccessDeniedError
   */
  readonly requireAction: (action: string, arns: readonly string[]) => void;
}

/** Finds out who sent a request. Throws an `AwsError` for a request that is not to be answered. */
export type Authenticate = (request: IncomingMessage, body: Buffer) => Promise<Caller>;

/** The caller of every request to a server without credentials: may do everything. */
export const ANYONE: Caller = { accessKeyId: undefined, requireAction: () => undefined };

/** The owner of an access key. */
export function toCaller({ accessKeyId, userName, policy }: AccessKey): Caller {
  return {
    accessKeyId,
    requireAction: (action, arns) => {
      if (policy(action, arns)) return;
      const [resource = "*"] = arns;
      // Named as by IAM, where users look for the cause.
      throw new AccessDeniedError(
        `User: ${userArn(userName)} is not authorized to perform: ${action} on resource: ${resource}. ` +
          "Allow the action in the server's credentials file.",
        action,
        resource,
      );
    },
  };
}
