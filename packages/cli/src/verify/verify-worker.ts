// SPDX-License-Identifier: MIT
// The program of a worker thread: it verifies the runs of data objects that the main thread sends, until it is ended.
import { parentPort, workerData } from "node:worker_threads";
import { type ObjectRun, fromJsonAnchors, verifyRun } from "@ledger-loader/export";
import { withExport } from "../options/with-export";
import type { WorkerAnswer, WorkerInput } from "./verify-threads";

/** Rejects with the first error, which ends the thread: the main thread then verifies by itself. */
async function work({ env, manifests, blocks, anchors }: WorkerInput): Promise<void> {
  const answer = (message: WorkerAnswer): void => {
    parentPort?.postMessage(message);
  };
  const onProgress = ({ bytes }: { readonly bytes: number }): void => {
    answer({ kind: "progress", bytes });
  };
  await withExport(env, manifests, async (opened) => {
    const source = blocks === undefined ? opened : opened.within(blocks);
    const options = { ...fromJsonAnchors(anchors), onProgress };
    await new Promise((_, reject) => {
      parentPort?.on("message", (run: ObjectRun) => {
        verifyRun(source, run, options).then((part) => {
          answer({ kind: "part", part });
        }, reject);
      });
    });
  });
}

void work(workerData as WorkerInput);
