// SPDX-License-Identifier: MIT
import {
  MalformedIonError,
  UnencodableValueError,
  UnexpectedIonTypeError,
  UnknownSymbolError,
} from "@ledger-loader/ion";
import { PartiqlError } from "@ledger-loader/partiql";
import { AccessDeniedError } from "./access/access-denied-error";
import {
  CatalogError,
  CommitDigestError,
  DeletionProtectedError,
  LedgerEmptyError,
  LedgerExistsError,
  LedgerLimitError,
  LedgerNameError,
  LedgerNotFoundError,
  OccConflictError,
  RedactionError,
  TransactionFailedError,
  UniqueIndexError,
} from "../errors";
import { CommitUnknownError } from "../storage/postgres/database-errors";
import { isDamage, isObstacle } from "../storage/store-failure";

/** QLDB's two services: sessions, in which drivers run statements, and the control plane. */
export type Api = "session" | "control-plane";

/** A member of a request that is missing or of another type. The two services name it differently. */
export class InvalidMemberError extends Error {
  readonly member: string;

  constructor(member: string, message: string) {
    super(message);
    this.member = member;
  }
}

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

/** The server has no room for the request just now. Drivers try again on the status 503. */
export function capacityExceeded(message: string): AwsError {
  return new AwsError("CapacityExceededException", 503, message);
}

/** The request is understood, and not allowed. */
export function accessDenied(message: string): AwsError {
  return new AwsError("AccessDeniedException", 403, message);
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

/** An operation of QLDB that is not built. */
export function unsupportedOperation(operation: string, instead: string): AwsError {
  const message = `${operation} is not supported here: ${instead}.`;
  return new AwsError("UnsupportedOperationException", 400, message);
}

const clientMistakes = [
  PartiqlError,
  CatalogError,
  LedgerLimitError,
  RedactionError,
  UniqueIndexError,
  TransactionFailedError,
  CommitDigestError,
  // No mistake of the client's; but drivers repeat a transaction after every other answer, and it may be committed.
  CommitUnknownError,
  MalformedIonError,
  UnknownSymbolError,
  UnexpectedIonTypeError,
  UnencodableValueError,
] as const;

/** Turns what an operation threw into what the client is told; `undefined` for a defect of the server. */
export function toAwsError(error: unknown, api: Api): AwsError | undefined {
  if (error instanceof AwsError) return error;
  if (error instanceof InvalidMemberError) {
    return api === "session" ? badRequest(error.message) : invalidParameter(error.member, error.message);
  }
  if (error instanceof AccessDeniedError) return accessDenied(error.message);
  if (error instanceof OccConflictError) return new AwsError("OccConflictException", 400, error.message);
  const unavailable = toUnavailable(error);
  if (unavailable !== undefined) return unavailable;
  if (clientMistakes.some((kind) => error instanceof kind)) return badRequest((error as Error).message);
  return toResourceError(error);
}

/** A store that cannot be used just now, or not before somebody has seen to it. Drivers try again on both statuses. */
function toUnavailable(error: unknown): AwsError | undefined {
  if (isObstacle(error)) return new AwsError("ServiceUnavailableException", 503, error.message);
  return isDamage(error) ? new AwsError("InternalServerErrorException", 500, error.message) : undefined;
}

function toResourceError(error: unknown): AwsError | undefined {
  if (error instanceof LedgerNameError) return invalidParameter("Name", error.message);
  for (const { kind, name, status } of resourceErrors) {
    if (!(error instanceof kind)) continue;
    return new AwsError(name, status, error.message, {
      ResourceType: "Ledger",
      ResourceName: error.ledgerName,
    });
  }
  return undefined;
}

const resourceErrors = [
  { kind: LedgerNotFoundError, name: "ResourceNotFoundException", status: 404 },
  { kind: LedgerExistsError, name: "ResourceAlreadyExistsException", status: 409 },
  { kind: DeletionProtectedError, name: "ResourcePreconditionNotMetException", status: 412 },
  { kind: LedgerEmptyError, name: "ResourcePreconditionNotMetException", status: 412 },
] as const;
