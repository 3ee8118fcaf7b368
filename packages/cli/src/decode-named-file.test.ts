// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import { decodeNamedFile, decodeNamedStream } from "./decode-named-file";

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

describe("a stream that the command line names", () => {
  const LONG = `${TEXT}\n`.repeat(100);

  async function readStream(content: Uint8Array, chunkBytes: number): Promise<Buffer> {
    // oxlint-disable-next-line typescript/require-await -- a stream of what is at hand
    async function* chunks(): AsyncGenerator<Uint8Array> {
      for (let at = 0; at < content.length; at += chunkBytes) yield content.subarray(at, at + chunkBytes);
    }
    const read: Uint8Array[] = [];
    for await (const chunk of decodeNamedStream(chunks(), "events.jsonl", "events")) read.push(chunk);
    return Buffer.concat(read);
  }

  it.each([
    ["UTF-8", (text: string) => Buffer.from(text)],
    ["UTF-8 with a mark", (text: string) => Buffer.from(`\ufeff${text}`)],
    ["UTF-16, little-endian", (text: string) => utf16(`\ufeff${text}`)],
    ["UTF-16, big-endian", (text: string) => utf16(`\ufeff${text}`).swap16()],
  ])("is read as %s, in pieces of any size", async (_encoding, encode) => {
    for (const text of [TEXT, LONG, ""]) {
      for (const size of [1, 3, 255, 100_000]) {
        expect((await readStream(encode(text), size)).toString("utf8")).toBe(text);
      }
    }
  });

  it("is refused by its name as UTF-16 without a mark, and passes other bytes to who reads it", async () => {
    await expect(readStream(utf16(LONG), 7)).rejects.toThrow(
      /events in events\.jsonl as UTF-8, found UTF-16/,
    );
    const latin1 = Buffer.from("{a: é}\n".repeat(100), "latin1");
    expect(await readStream(latin1, 9)).toEqual(latin1);
  });
});
