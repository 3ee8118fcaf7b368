// SPDX-License-Identifier: MIT
import { hasAwsCredentials } from "@ledger-loader/core/has-aws-credentials";
import { withoutUndefined } from "@ledger-loader/core/without-undefined";
import { setting } from "../ledger/connection";
import { failureText, networkFailure } from "../network-failure";
import type { Terminal } from "../output/terminal";

/** The configuration of a client of the AWS SDK. */
export interface AwsClientConfig {
  readonly region: string;
  /** That of an emulator; absent: AWS's own. */
  readonly endpoint?: string;
  /** Absent: the SDK looks for them. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** The services that have clients here, as `AWS_ENDPOINT_URL_…` names them. */
export type AwsService =
  | "SQS"
  | "SNS"
  | "KINESIS"
  | "EVENTBRIDGE"
  | "DYNAMODB"
  | "DYNAMODB_STREAMS"
  | "S3"
  | "CLOUDFORMATION"
  | "LAMBDA";

/**
 * Finds out from the environment where a service is, AWS's own or an emulator's, and how to sign requests to it.
 *
 * @param region the one that is known; else AWS_REGION, else `fallback`
 */
export function awsClientConfig(
  env: Terminal["env"],
  service: AwsService,
  region: string | undefined,
  fallback = "us-east-1",
): AwsClientConfig {
  const emulator = setting(env, `AWS_ENDPOINT_URL_${service}`) ?? setting(env, "AWS_ENDPOINT_URL");
  // An emulator checks no signature, but the SDK insists on signing.
  const mustInvent = emulator !== undefined && !hasAwsCredentials(env);
  return withoutUndefined({
    region: region ?? setting(env, "AWS_REGION") ?? fallback,
    endpoint: emulator,
    credentials: mustInvent ? { accessKeyId: "local", secretAccessKey: "local" } : undefined,
  });
}

/** The purpose of a client, as an error names it. */
export interface ClientUse {
  /** Completes "expected to be able to …". */
  readonly what: string;
  /** Other possible causes than the credentials: `its name, AWS_ENDPOINT_URL`. */
  readonly check: string;
}

/** How the errors of a client are made: the class of this project, from a message. */
type RefusedErrorClass = new (message: string, options: { readonly cause: unknown }) => Error;

/** Runs `work` with a client, of AWS or of an emulator, ends it, and says what the SDK complains of as an error of this project. */
export async function withAwsClient<C extends { destroy: () => void }, T>(
  client: C,
  RefusedError: RefusedErrorClass,
  use: ClientUse,
  work: (client: C) => Promise<T>,
): Promise<T> {
  try {
    return await work(client);
  } catch (error) {
    throw refusalOf(error, RefusedError, use);
  } finally {
    client.destroy();
  }
}

/** The error of this project for what the SDK complains of; any other error as it is. */
export function refusalOf(
  error: unknown,
  RefusedError: RefusedErrorClass,
  { what, check }: ClientUse,
): unknown {
  const complaint = awsComplaint(error);
  if (complaint === undefined) return error;
  const message = `expected to be able to ${what}, found ${complaint} Check ${check} and the AWS credentials`;
  return new RefusedError(message, { cause: error });
}

/**
 * The SDK's complaint, for the user's eyes, with a full stop; `undefined` for any other error. The SDK's errors are not
 * errors of this project.
 */
function awsComplaint(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const failure = networkFailure(error);
  if (failure !== undefined) return failureText(failure);
  const isFromService = "$fault" in error && "$metadata" in error;
  const { name, message } = error;
  return isFromService || name === "CredentialsProviderError"
    ? `${name}: ${message.replace(/\.$/, "")}.`
    : undefined;
}
