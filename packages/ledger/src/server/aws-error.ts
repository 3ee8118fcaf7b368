// SPDX-License-Identifier: MIT
import {
  MalformedIonError,
  UnencodableValueError,
  UnexpectedIonTypeError,
  UnknownSymbolError,
} from "@ledger-loader/ion";
import { PartiqlError } from "@ledger-loader/partiql";
import {
  CatalogError,
  CommitDigestError,
  LedgerLimitError,
  OccConflictError,
  TransactionFailedError,
} from "../errors";

/** An error as AWS's clients understand it: a name, a status, a message. The part of the API that clients branch on. */
export class AwsError extends Error {
  readonly status: number;
  /** Further members of the body: `ResourceName` and the like. */
  readonly members: Readonly<Record<string, string>>;

  constructor(name: string, status: number, message: string, members: Readonly<Record<string, string>> = {}) {
    super(message);
    this.name = name;
    this.status = status;
    this.members = members;
  }
}

export function badRequest(message: string): AwsError {
  return new AwsError("BadRequestException", 400, message);
}

/** The client must open a new session; or, where the message says that a transaction has expired, must give up. */
export function invalidSession(message: string): AwsError {
  return new AwsError("InvalidSessionException", 400, message);
}

/** A parameter of the control plane that cannot be. */
export function invalidParameter(name: string, message: string): AwsError {
  return new AwsError("InvalidParameterException", 400, message, { ParameterName: name });
}

/** Neither path nor target is one of QLDB's. */
export function unknownOperation(): AwsError {
  return new AwsError(
    "UnknownOperationException",
    404,
    "Expected an operation of QLDB, found an unknown one.",
  );
}

const clientMistakes = [
  PartiqlError,
  CatalogError,
  LedgerLimitError,
  TransactionFailedError,
  CommitDigestError,
  MalformedIonError,
  UnknownSymbolError,
  UnexpectedIonTypeError,
  UnencodableValueError,
] as const;

/** Turns what a session command threw into what the client is told; `undefined` for a defect of the server. */
export function toAwsError(error: unknown): AwsError | undefined {
  if (error instanceof AwsError) return error;
  if (error instanceof OccConflictError) return new AwsError("OccConflictException", 400, error.message);
  if (clientMistakes.some((kind) => error instanceof kind)) return badRequest((error as Error).message);
  return undefined;
}
