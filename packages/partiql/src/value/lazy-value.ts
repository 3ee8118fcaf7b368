// SPDX-License-Identifier: MIT
import { decodeInSteps, IonSlice, runInTurns, validateIon } from "@ledger-loader/ion";
import type { dom } from "ion-js";
import type { Datum } from "./datum";
import { decoded, nodeAt, type PathKey, type Undecoded, valueAt } from "./node";

/** To look for a part in the bytes costs as much as the value is long: after so many, decoding all of it costs less. */
const PARTS_FROM_BYTES = 3;

/** So many values are decoded at one go. Each takes one to three microseconds, and at least a byte. */
const VALUES_AT_ONCE = 4 * 1024;

/** A value at hand, of which no more is decoded than is asked for. */
export class LazyValue {
  /** The value as it is at hand. */
  readonly node: Undecoded;
  #value: dom.Value | undefined;
  #lastPath: readonly PathKey[] | undefined;
  #lastPart: Datum;
  #parts = 0;

  constructor(node: Undecoded) {
    this.node = node;
    this.#value = node instanceof IonSlice ? undefined : node;
  }

  /** The value, decoded. */
  get value(): dom.Value {
    this.#value ??= decoded(this.node);
    return this.#value;
  }

  /** The value at a path, decoding no more than is needed. To ask for it again, with the same array, costs nothing. */
  at(path: readonly PathKey[]): Datum {
    if (this.#value !== undefined) return valueAt(this.#value, path);
    if (path === this.#lastPath) return this.#lastPart;
    if (this.#parts === PARTS_FROM_BYTES) return valueAt(this.value, path);
    this.#parts += 1;
    this.#lastPart = valueAt(this.node, path);
    this.#lastPath = path;
    return this.#lastPart;
  }

  /** The value at a path as it is at hand: nothing is decoded for this. */
  nodeAt(path: readonly PathKey[]): Undecoded | undefined {
    return nodeAt(this.node, path);
  }

  /** True if it is not decoded, and would take more than some milliseconds. */
  get isLong(): boolean {
    const { node } = this;
    if (this.#value !== undefined || !(node instanceof IonSlice)) return false;
    return node.length > VALUES_AT_ONCE && validateIon(node) > VALUES_AT_ONCE;
  }

  /** Decodes all of it, a step at a time. */
  async decode(rest: () => Promise<void>): Promise<void> {
    if (this.#value !== undefined || !(this.node instanceof IonSlice)) return;
    this.#value = await runInTurns(decodeInSteps(this.node, VALUES_AT_ONCE), rest);
  }
}
