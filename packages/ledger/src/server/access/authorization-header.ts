// SPDX-License-Identifier: MIT
import type { IncomingMessage } from "node:http";
import { AwsError } from "../aws-error";

/** The fields of the `Authorization` header of a signed request. */
export interface Authorization {
  readonly accessKeyId: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  /** Hexadecimal digits. */
  readonly signature: string;
  /** The value of `X-Amz-Date`: `20250731T120000Z`. */
  readonly longDate: string;
}

const FORM =
  /^AWS4-HMAC-SHA256 +Credential=(\w+)\/(\d{8})\/([\w-]+)\/([\w-]+)\/aws4_request, *SignedHeaders=([\w;-]+), *Signature=([0-9a-f]{64})$/;
const DATE_FORM = /^\d{8}T\d{6}Z$/;

/**
 * Reads the `Authorization` header and the date of a request.
 *
 * Headers that say what is asked for must be covered by the signature: `Host`, and every `X-Amz-` header.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 *
 * @throws AwsError named as AWS names it: `MissingAuthenticationTokenException`, `IncompleteSignatureException`
 */
export function readAuthorization({ headers }: Pick<IncomingMessage, "headers">): Authorization {
  const { authorization, "x-amz-date": longDate } = headers;
  if (authorization === undefined) {
    throw refused(
      "MissingAuthenticationTokenException",
      "Expected a request signed with an access key of this server, found none: set credentials in the client.",
    );
  }
  const [, accessKeyId = "", day = "", region = "", service = "", names = "", signature = ""] =
    FORM.exec(authorization) ?? [];
  if (accessKeyId === "")
    throw incomplete("an Authorization header of AWS Signature Version 4, found another");
  if (typeof longDate !== "string" || !DATE_FORM.test(longDate))
    throw incomplete("an X-Amz-Date header such as 20250731T120000Z, found none");
  if (!longDate.startsWith(day)) throw incomplete("the same day in X-Amz-Date and in Credential, found two");
  const signedHeaders = names.split(";");
  const unsigned = Object.keys(headers).find((name) => mustBeSigned(name) && !signedHeaders.includes(name));
  if (unsigned !== undefined)
    throw incomplete(`the header ${unsigned} among SignedHeaders, found it left out`);
  return { accessKeyId, region, service, signedHeaders, signature, longDate };
}

function mustBeSigned(header: string): boolean {
  return header === "host" || header.startsWith("x-amz-");
}

function incomplete(expected: string): AwsError {
  return refused(
    "IncompleteSignatureException",
    `Expected ${expected}: sign requests with an AWS SDK or a QLDB driver.`,
  );
}

function refused(name: string, message: string): AwsError {
  return new AwsError(name, 403, message);
}
