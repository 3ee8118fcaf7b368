// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import { decodeNamedFile } from "./decode-named-file";

const TEXT = '{"Digest": "é€"}';
const utf16 = (text: string): Buffer => Buffer.from(text, "utf16le");
const read = (content: Uint8Array): string =>
  Buffer.from(decodeNamedFile(content, "digest.json", "a digest")).toString("utf8");

describe("a file that the command line names", () => {
  it.each([
    ["UTF-8", Buffer.from(TEXT)],
    ["UTF-8 with a mark", Buffer.from(`\ufeff${TEXT}`)],
    ["UTF-16, little-endian", utf16(`\ufeff${TEXT}`)],
    ["UTF-16, big-endian", utf16(`\ufeff${TEXT}`).swap16()],
  ])("is read as %s", (_encoding, content) => {
    expect(read(content)).toBe(TEXT);
  });

  it("is refused by its name as UTF-16 without a mark", () => {
    const message = /a digest in digest\.json as UTF-8, found UTF-16 .* save the file as UTF-8/;
    expect(() => read(utf16('{"Digest": 1}'))).toThrow(message);
    expect(() => read(utf16('{"Digest": 1}').swap16())).toThrow(message);
  });

  it.each([
    ["Latin-1", Buffer.from('{"Straße": "é"}', "latin1")],
    ["Windows-1252", Buffer.from([0x22, 0x80, 0x22])],
    ["Shift JIS", Buffer.from([0x22, 0x8e, 0xd4, 0x22])],
  ])("is refused by its name as %s", (_encoding, content) => {
    expect(() => read(content)).toThrow(
      /a digest in digest\.json as UTF-8, found bytes .* save the file as UTF-8/,
    );
  });

  it("keeps Ion binary as it is", () => {
    const binary = Uint8Array.from([0xe0, 1, 0, 0xea, 0x21, 0, 0x21, 0xff, 0x21, 0]);
    expect(decodeNamedFile(binary, "x", "a digest")).toEqual(binary);
  });
});
