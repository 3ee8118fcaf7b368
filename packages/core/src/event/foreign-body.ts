// SPDX-License-Identifier: MIT

/** How the base64 begins of what begins with `{"`, `{` and a line break, `[{`, gzip, or Ion's version marker. */
export const BASE64 = /^(eyJ|ewo|ew0K|W3s|H4sI|4AEA6)[A-Za-z0-9+/_-]{12,}={0,2}\s*$/;

/** By the first bytes. */
const BYTES: readonly (readonly [begin: RegExp, found: string])[] = [
  [/^\x1f\x8b/, "gzip (send the event uncompressed)"],
  [/^(\xff\xfe|\xfe\xff|[^\0]\0[^\0]\0|\0[^\0]\0[^\0])/, "text in UTF-16 (send UTF-8)"],
  [/^\0[^]{5}/, "bytes with the prefix of a schema registry, such as Avro (send plain JSON or Ion)"],
];
const HEAD_BYTES = 16;

/** Names a body that is neither Ion nor JSON, with what helps; `undefined` where nothing is recognized. Never repeats content. */
export function foreignBody(body: string | Uint8Array): string | undefined {
  if (typeof body === "string")
    return BASE64.test(body) ? "text in base64 (send the event itself)" : undefined;
  const head = Buffer.from(body.subarray(0, HEAD_BYTES)).toString("latin1");
  const [, found] = BYTES.find(([begin]) => begin.test(head)) ?? [];
  return found ?? foreignBody(Buffer.from(body).toString("latin1"));
}
