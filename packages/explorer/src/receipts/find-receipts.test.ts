// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import { findReceipts } from "./find-receipts";

const revision = {
  documentId: "3Qv67yjXEwB9SjmvkuG6Cp",
  version: 1,
  blockAddress: { strandId: "JdxjkR9bSYB5jMHWcI464T", sequenceNo: 17 },
  hash: "4tMmSyTZoQqdCFVk0nAKZIF2uWRcxtIIoaY9BsF2Ykg=",
};

/** A receipt of the record `id` from the place `events-0@at`. */
function line(at: number, id: string, more: object = { revision }): string {
  const event = { op: "UPDATE", table: "Vehicle", id: JSON.stringify(id), version: 1 };
  return JSON.stringify({
    receipt: 1,
    at: "2026-03-01T09:15:00.000Z",
    source: `events-0@${at}`,
    event,
    outcome: "written",
    ...more,
  });
}

function streamOf(parts: readonly Uint8Array[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const part of parts) controller.enqueue(part);
      controller.close();
    },
  });
}

/** A file whose parts end in the middle of lines and characters. */
function fileOf(lines: readonly string[], partBytes = 7): Blob {
  const bytes = new TextEncoder().encode(lines.join("\n"));
  const parts = Array.from({ length: Math.ceil(bytes.length / partBytes) }, (_, n) =>
    bytes.slice(n * partBytes, (n + 1) * partBytes),
  );
  return { size: bytes.length, stream: () => streamOf(parts) } as unknown as Blob;
}

describe("findReceipts", () => {
  const file = fileOf([line(4, "Zoë"), line(42, "V-4"), line(43, "V-4"), "", '{"receipt":1,"sou']);

  it.each([
    ["events-0@4", ["events-0@4"], true],
    ["Zoë", ["events-0@4"], true],
    ['"V-4"', ["events-0@42", "events-0@43"], true],
    ["events-0@4 ", [], false],
    ["0@4", ["events-0@4", "events-0@42", "events-0@43"], false],
  ])("finds by place or id, exactly if it can: %s", async (wanted, sources, isExact) => {
    const found = await findReceipts(file, wanted);
    expect(found.receipts.map(({ source }) => source)).toEqual(sources);
    expect(found).toMatchObject({ isExact, hasMore: false, lines: 3, unreadable: 1 });
  });

  it("reads what a receipt says, and what it lacks", async () => {
    const rejected = line(7, "x", {
      outcome: "rejected",
      reason: "version-gap",
      unknown: "the event was not applied",
    });
    const { receipts } = await findReceipts(fileOf([line(6, "y"), rejected]), "events-0@");
    expect(receipts).toMatchObject([
      {
        outcome: "written",
        event: { op: "UPDATE", table: "Vehicle", id: '"y"', version: 1 },
        revision: { sequenceNo: 17, version: 1 },
      },
      { outcome: "rejected", reason: "version-gap", unknown: "the event was not applied" },
    ]);
    expect(receipts[1]?.revision).toBeUndefined();
  });

  it("keeps the first of many, and says that there are more", async () => {
    const lines = Array.from({ length: 60 }, (_, at) => line(at, "same"));
    const { receipts, hasMore } = await findReceipts(fileOf(lines, 4096), "same");
    expect([receipts.length, hasMore]).toEqual([50, true]);
  });
});
