// SPDX-License-Identifier: MIT
import type { dom } from "ion-js";
import { decodeIon } from "./ion/decode-ion";
import { encodeIon } from "./ion/encode-ion";
import { hashIon } from "./ion/hash-ion";
import type { Hash } from "./hash";
import { statementDigest } from "./statement-digest";

/** This package's codec as clients of a ledger need it for statements: the option `codec` of core's `DriverLedger`. */
export const statementCodec: {
  encode(value: dom.Value): Uint8Array;
  decode(ion: Uint8Array): dom.Value;
  /** {@link statementDigest} of parameters in Ion binary. */
  digest(statement: string, parameters: readonly Uint8Array[]): Hash;
} = {
  encode: encodeIon,
  decode: decodeIon,
  digest: (statement, parameters) =>
    statementDigest(
      statement,
      parameters.map((parameter) => hashIon(parameter)),
    ),
};
