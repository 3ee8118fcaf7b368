// SPDX-License-Identifier: MIT
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "@jest/globals";
import { openExport, verifyExport, writeExport } from "@ledger-loader/export";
import { buildBlock, encodeBlock } from "@ledger-loader/journal";
import { type StepStore, type VerifyStep, joinSteps, planSteps, verifyStep } from "@ledger-loader/move";

const STRAND = "KmA3ZZca7vAIiJAK9S5Iwl";
const TOOL = { name: "ledger-loader", version: "0.1.0" };
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "steps-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

function memoryStore(): StepStore & { readonly texts: Map<string, string> } {
  const texts = new Map<string, string>();
  return {
    texts,
    read: (key) => {
      const text = texts.get(key);
      return text === undefined ? Promise.reject(new Error(`no ${key}`)) : Promise.resolve(text);
    },
    write: (key, text) => {
      texts.set(key, text);
      return Promise.resolve();
    },
  };
}

it("verifying an export in steps gives the certificate of one pass, whatever a step's size, and steps can be repeated", async () => {
  let previousBlockHash: Uint8Array | undefined;
  const blocks = [0, 1, 2, 3, 4, 5, 6].map((sequenceNo) => {
    const blockAddress = { strandId: STRAND, sequenceNo };
    const block = buildBlock({
      blockAddress,
      transactionId: `Tx${sequenceNo}`.padEnd(22, "x"),
      blockTimestamp: `2020-06-01T10:00:0${sequenceNo}.230Z`,
      previousBlockHash,
    });
    previousBlockHash = block.blockHash;
    return encodeBlock(block);
  });
  const { manifestPath } = await writeExport({
    folder,
    ledgerName: "vehicles",
    strandId: STRAND,
    format: "ion-text",
    blocks,
    maxObjectBytes: 1,
  });
  const source = await openExport([manifestPath]);
  const whole = await verifyExport(source);
  for (const [objectsPerStep, count] of [
    [1, 7],
    [3, 3],
    [100, 1],
  ] as const) {
    const store = memoryStore();
    const { key, steps } = await planSteps(source, { prefix: "run", objectsPerStep, store });
    expect(steps).toBe(count);
    const planned = JSON.parse(await store.read(key)) as VerifyStep[];
    for (const step of [...planned].reverse()) await verifyStep(source, step, { store });
    if (planned[0]) await verifyStep(source, planned[0], { store });
    const end = await joinSteps("run", { store, tool: TOOL });
    expect(end).toMatchObject({ verdict: "passed", assurance: "consistent" });
    expect(store.texts.get(end.page)).toContain("<strong>PASSED</strong>");
    const { report } = JSON.parse(store.texts.get(end.json) ?? "") as { report: { verification: unknown } };
    const expected = JSON.parse(JSON.stringify(whole)) as Record<string, unknown>;
    expect(report.verification).toEqual({ ...expected, checkedAt: expect.any(String) });
    store.texts.delete("run/parts/0.json");
    await expect(joinSteps("run", { store, tool: TOOL })).rejects.toThrow("no run/parts/0.json");
  }
});
