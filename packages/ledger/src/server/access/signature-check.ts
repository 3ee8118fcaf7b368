// SPDX-License-Identifier: MIT
import { hash as digest, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { SignatureV4 } from "@smithy/signature-v4";
import type { Clock } from "../../clock";
import { AwsError } from "../aws-error";
import { type Authorization, readAuthorization } from "./authorization-header";
import { type Authenticate, toCaller } from "./caller";
import type { AccessKey, CredentialsFile } from "./credentials-file";
import { Sha256 } from "./sha256";

/** How far a client's clock may be from the server's, as at AWS. */
const SKEW_MAX_MS = 5 * 60_000;

/** The name of QLDB's services in signatures, for sessions and control plane alike. */
const SERVICE = "qldb";

/**
 * Makes the check that every request was signed with a known key, by AWS Signature Version 4, over the body that arrived.
 *
 * Errors have the names that AWS's services use and that SDKs and drivers know: `MissingAuthenticationTokenException`,
 * `IncompleteSignatureException`, `UnrecognizedClientException`, `InvalidSignatureException`.
 */
export function createSignatureCheck(credentials: CredentialsFile, clock: Clock): Authenticate {
  return async (request, body) => {
    const authorization = readAuthorization(request);
    const key = credentials.find(authorization.accessKeyId);
    if (key === undefined) {
      throw new AwsError(
        "UnrecognizedClientException",
        403,
        "Expected an access key of this server, found an unknown one: check the AccessKeyId, or add the key to the credentials file.",
      );
    }
    requireRecent(authorization.longDate, clock());
    if (!(await isSignedBy(key, authorization, request, body))) throw wrongSignature();
    return toCaller(key);
  };
}

function requireRecent(longDate: string, now: number): void {
  const signedAt = toTime(longDate);
  if (Number.isNaN(signedAt)) throw invalidSignature("Expected X-Amz-Date to be a time, found another text.");
  if (Math.abs(now - signedAt) <= SKEW_MAX_MS) return;
  // SDKs and users recognize these two sentences.
  const [what, sign, bound] =
    signedAt < now
      ? ["Signature expired: % is now earlier than", "-", now - SKEW_MAX_MS]
      : ["Signature not yet current: % is still later than", "+", now + SKEW_MAX_MS];
  throw invalidSignature(
    `${what.replace("%", longDate)} ${toLongDate(bound)} (${toLongDate(now)} ${sign} 5 min.). Set the client's clock.`,
  );
}

async function isSignedBy(
  { accessKeyId, secretAccessKey }: AccessKey,
  { region, service, signedHeaders, signature, longDate }: Authorization,
  request: IncomingMessage,
  body: Buffer,
): Promise<boolean> {
  const names = new Set(signedHeaders);
  const headers = headersOf(request, names);
  const hash = headers["x-amz-content-sha256"];
  const isComplete = Object.keys(headers).length === names.size && service === SERVICE;
  if (!isComplete || (hash !== undefined && hash !== digest("sha256", body))) return false;
  const credentials = { accessKeyId, secretAccessKey };
  const signer = new SignatureV4({ credentials, region, service, sha256: Sha256, applyChecksum: false });
  const toSign = { ...addressOf(request), protocol: "http:", hostname: "", headers, body };
  const signed = await signer.sign(toSign, {
    signingDate: new Date(toTime(longDate)),
    signableHeaders: names,
  });
  const expected = signed.headers["authorization"]?.slice(-signature.length) ?? "";
  return timingSafeEqual(Buffer.from(expected), Buffer.from(signature));
}

function headersOf({ headers }: IncomingMessage, names: ReadonlySet<string>): Record<string, string> {
  const found = Object.entries(headers).filter(([name, value]) => names.has(name) && value !== undefined);
  return Object.fromEntries(found.map(([name, value]) => [name, [value].flat().join(",")]));
}

function addressOf({ method = "GET", url = "/" }: IncomingMessage): {
  method: string;
  path: string;
  query: Record<string, string[]>;
} {
  const [path = "", search = ""] = url.split(/\?(.*)/s);
  const parameters = new URLSearchParams(search);
  const query = Object.fromEntries([...parameters.keys()].map((name) => [name, parameters.getAll(name)]));
  return { method, path, query };
}

function toTime(longDate: string): number {
  return Date.parse(longDate.replace(/^(\d{4})(\d\d)(\d\dT\d\d)(\d\d)(\d\dZ)$/, "$1-$2-$3:$4:$5"));
}

function toLongDate(time: number): string {
  return new Date(time).toISOString().replace(/[-:]|\.\d{3}/g, "");
}

function wrongSignature(): AwsError {
  return invalidSignature(
    "The signature does not match the request: check the SecretAccessKey, and that nothing between client and server " +
      "changes the request (its Host, path, headers or body).",
  );
}

function invalidSignature(message: string): AwsError {
  return new AwsError("InvalidSignatureException", 403, message);
}
