// SPDX-License-Identifier: MIT
import { decodeIon, type Hash, hashIon, transcodeToBinary } from "@ledger-loader/ion";
import type { dom } from "ion-js";
import type { LedgerLimits } from "../limits";
import type { StatementParameter } from "../transaction/transaction";
import { nextTurn } from "../turns";
import { badRequest } from "./aws-error";
import { type JsonObject, readArray, readBlob, readString } from "./json";

/** After so many bytes of parameters others have their turn: they take some milliseconds to read. */
const BYTES_PER_TURN = 32 * 1024;

/** A parameter of no bytes is work, too. */
const OVERHEAD_BYTES = 64;

/** What a value in memory takes beside its bytes: measured for empty lists, which are one byte each. */
const BYTES_PER_VALUE = 200;

/**
 * Reads a statement's parameters, one turn for each few of them.
 *
 * Values beyond the limits are not decoded: the transaction refuses them, and counts the statement towards its digest as
 * drivers do.
 *
 * @throws AwsError or MalformedIonError for what is no parameter
 */
export async function readParameters(
  command: JsonObject,
  limits: LedgerLimits,
): Promise<StatementParameter[]> {
  const parameters: SentParameter[] = [];
  let [untilTurn, memory] = [BYTES_PER_TURN, 0];
  for (const holder of readArray(command, "Parameters")) {
    untilTurn -= sizeOf(holder);
    if (untilTurn < 0) {
      await nextTurn();
      untilTurn = BYTES_PER_TURN;
    }
    const parameter = new SentParameter(readIon(holder, limits));
    if (memory <= limits.parameterMemoryMax) memory += parameter.decode(limits);
    parameters.push(parameter);
  }
  return parameters;
}

function sizeOf({ IonBinary, IonText }: JsonObject): number {
  const content = IonBinary ?? IonText;
  return OVERHEAD_BYTES + (typeof content === "string" ? content.length : 0);
}

function readIon(holder: JsonObject, limits: LedgerLimits): Uint8Array {
  if (holder["IonBinary"] !== undefined) return readBlob(holder, "IonBinary");
  const text = readString(holder, "IonText");
  if (Buffer.byteLength(text) > limits.parameterTextBytesMax) {
    throw badRequest(
      `Expected a parameter of at most ${limits.parameterTextBytesMax} bytes of text, found more.`,
    );
  }
  return transcodeToBinary(text);
}

class SentParameter implements StatementParameter {
  readonly ion: Uint8Array;
  readonly hash: Hash;
  memory = 0;
  #value: dom.Value | undefined;

  constructor(ion: Uint8Array) {
    this.ion = ion;
    this.hash = hashIon(ion);
  }

  get value(): dom.Value {
    this.#value ??= decodeIon(this.ion);
    return this.#value;
  }

  /** Decodes the value, unless it is too long anyway. @returns the memory that it takes, in bytes */
  decode({ parameterBytesMax }: LedgerLimits): number {
    if (this.ion.length <= parameterBytesMax) {
      this.memory = 2 * this.ion.length + BYTES_PER_VALUE * countValues(this.value);
    }
    return this.memory;
  }
}

function countValues(value: dom.Value): number {
  if (value.isNull() || !value.getType().isContainer) return 1;
  return value.elements().reduce((sum, element) => sum + countValues(element), 1);
}
