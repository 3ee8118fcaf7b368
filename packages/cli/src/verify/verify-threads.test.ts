// SPDX-License-Identifier: MIT
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { VerifyThreads, type WorkerInput } from "./verify-threads";

const INPUT: WorkerInput = {
  env: {},
  manifests: [],
  blocks: undefined,
  anchors: { digests: [], proofs: [] },
};
const RUNS = [0, 1, 2, 3, 4, 5].map((from) => ({ from, to: from + 1 }));

/** A program that answers with the run, and fails on some of the runs. */
const program = (fails: string): string => `
  const { parentPort } = require("node:worker_threads");
  parentPort.on("message", (run) => {
    if (${fails}) throw new Error("out of luck");
    parentPort.postMessage({ kind: "part", part: { objects: run, bytes: 1 } });
  });`;

describe("The threads of a verification", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "verify-threads-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  async function verifyAll(fails: string): Promise<readonly (number | undefined)[]> {
    const path = join(folder, "program.js");
    writeFileSync(path, program(fails));
    const threads = new VerifyThreads(2, INPUT, path);
    try {
      const parts = await Promise.all(RUNS.map((run) => threads.verify(run, () => undefined)));
      return parts.map((part) => part?.objects.from);
    } finally {
      await threads.close();
    }
  }

  it("verify every run", async () => {
    expect(await verifyAll("false")).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it("leave the one run on which a thread fails, and go on with the others", async () => {
    expect(await verifyAll("run.from === 2")).toEqual([0, 1, undefined, 3, 4, 5]);
  });

  it("leave what is left when all of them have failed", async () => {
    expect(await verifyAll("run.from >= 2")).toEqual([0, 1, undefined, undefined, undefined, undefined]);
  });
});
