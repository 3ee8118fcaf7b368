// SPDX-License-Identifier: MIT
import { hmac } from "@noble/hashes/hmac";
import { sha256 } from "@noble/hashes/sha2";

/** Bytes in one of the forms in which a signer passes them. */
type Source = string | ArrayBuffer | ArrayBufferView;

/**
 * SHA-256, or HMAC with a secret, in the form that `@smithy/signature-v4` calls.
 *
 * The browser's own implementation is missing where a page comes by plain HTTP from another machine.
 */
export class Sha256 {
  readonly #secret: Uint8Array | undefined;
  #state: ReturnType<typeof sha256.create> | ReturnType<typeof hmac.create>;

  constructor(secret?: Source) {
    this.#secret = secret === undefined ? undefined : toBytes(secret);
    this.#state = this.#begin();
  }

  update(chunk: Source): void {
    this.#state.update(toBytes(chunk));
  }

  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.#state.digest());
  }

  reset(): void {
    this.#state = this.#begin();
  }

  #begin(): ReturnType<typeof sha256.create> | ReturnType<typeof hmac.create> {
    return this.#secret === undefined ? sha256.create() : hmac.create(sha256, this.#secret);
  }
}

function toBytes(source: Source): Uint8Array {
  if (typeof source === "string") return new TextEncoder().encode(source);
  return ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
    : new Uint8Array(source);
}
