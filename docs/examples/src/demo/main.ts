// SPDX-License-Identifier: MIT
//
// The main job, from beginning to end, on real data and on this machine: see README.md. `./scripts/demo` runs it.
import { mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { inspect } from "node:util";
import { DriverLedger } from "@ledger-loader/core";
import { type VerificationReport, openExport, verifyExport } from "@ledger-loader/export";
import { type Digest, formatDigest } from "@ledger-loader/journal";
import { formatHash } from "@ledger-loader/ion";
import { openLedgerServer, type EmbeddedLedger, type LedgerServer } from "@ledger-loader/ledger";
import { createDriverHistory, idFieldFinder, reconcile, type ReconcileReport } from "@ledger-loader/move";
import { startSqs, type SqsEmulator } from "@ledger-loader/testkit";
import { loadHistory, type LoadedHistory } from "./load-history";
import { bad, count, counted, good, Narrator, rate } from "./narrator";
import { replayThroughQueue, type QueueReplayReport } from "./replay-through-queue";
import { tamperWithCopy } from "./tamper";

/** Where everything is kept, for whoever wants to look at it afterwards. */
const FOLDER = path.join(".ledger-loader", "demo");
const EXPORT = path.join(FOLDER, "export");
const DIGEST = path.join(FOLDER, "digest.json");
const TAMPERED = path.join(FOLDER, "tampered");
const ERROR_LOG = path.join(FOLDER, "error.log");
const LEDGERS = path.join(FOLDER, "ledgers");

class ExpectationError extends Error {}

function expect(holds: boolean, what: string): void {
  if (!holds) throw new ExpectationError(`Expected that ${what}, and it does not hold.`);
}

class Demo {
  readonly #narrator = new Narrator();
  readonly #server: LedgerServer;
  readonly #sqs: SqsEmulator;

  constructor(server: LedgerServer, sqs: SqsEmulator) {
    this.#server = server;
    this.#sqs = sqs;
  }

  async run(): Promise<void> {
    const loaded = await this.#load();
    const digest = await this.#export();
    const verification = await this.#verify(digest);
    await this.#verifyTampered(digest, verification);
    const first = await this.#replay();
    const reconciliation = await this.#reconcile();
    await this.#verifyNew();
    const second = await this.#replayAgain();
    this.#summarise({ loaded, verification, first, reconciliation, second });
  }

  async #load(): Promise<LoadedHistory> {
    this.#narrator.step('Load a real edit history into the ledger "old"');
    await this.#server.store.createLedger("old", { deletionProtection: false });
    const loaded = await loadHistory(this.#server.endpoint, "old");
    this.#narrator.say(
      `${counted(loaded.edits, "edit")}, ${counted(loaded.revisions, "revision")} over the official driver: ` +
        rate(loaded.revisions, "revisions", this.#narrator.stepSeconds),
    );
    return loaded;
  }

  async #export(): Promise<Digest> {
    this.#narrator.step('Export the journal of "old" as QLDB did, and keep its digest elsewhere');
    const old = await this.#server.store.open("old");
    const written = await old.export({ folder: EXPORT, prefix: "old/", format: "ion-text" });
    const digest = await old.digest();
    await writeFile(DIGEST, formatDigest(digest));
    this.#narrator.say(`${counted(digest.tipAddress.sequenceNo + 1, "block")} in ${written.manifestPath}`);
    this.#narrator.say(`digest ${formatHash(digest.hash)} in ${DIGEST}`);
    return digest;
  }

  async #verify(digest: Digest): Promise<VerificationReport> {
    this.#narrator.step("Verify the export to the last hash, against the digest");
    const report = await verifyExport(await openExport([EXPORT]), { digest });
    const revisions = Object.values(report.revisions).reduce((sum, count) => sum + count, 0);
    this.#narrator.say(
      `${good(`${report.verdict}, ${report.assurance ?? "no assurance"}`)}: ${counted(report.blocks, "block")}, ${counted(revisions, "revision")}, ` +
        `${(report.bytes / 1e6).toFixed(1)} MB in ${rate(revisions, "revisions", this.#narrator.stepSeconds)}`,
    );
    expect(report.verdict === "passed" && report.assurance === "anchored", "the digest matches the export");
    return report;
  }

  async #verifyTampered(digest: Digest, sound: VerificationReport): Promise<void> {
    this.#narrator.step("Change one byte in a copy of the export, and verify the copy");
    const { file, offset, before, after } = await tamperWithCopy(EXPORT, TAMPERED);
    this.#narrator.say(`byte ${count(offset)} of ${path.basename(file)}: "${before}" became "${after}"`);
    const report = await verifyExport(await openExport([TAMPERED]), { digest });
    this.#narrator.say(`${bad(report.verdict)}: ${counted(report.findings.length, "finding")}`);
    for (const { message } of report.findings) this.#narrator.say(`  ${message}`);
    const isFound = report.findings.length > sound.findings.length && report.verdict === "failed";
    expect(isFound, "verification finds the byte that was changed");
  }

  async #replay(): Promise<QueueReplayReport> {
    this.#narrator.step('Replay it through an SQS FIFO queue and the Lambda handler into the ledger "new"');
    await this.#server.store.createLedger("new", { deletionProtection: false });
    this.#narrator.say(
      "the queue is an emulator on this machine; like SQS it hands out 10 messages at a time at most",
    );
    const report = await this.#replayRun("demo-run-1", true);
    const { outcomes } = report;
    this.#narrator.say(
      `${counted(report.sent, "event")} sent, ${counted(report.sent - report.replay.published, "repetition")} among them, ` +
        `records shuffled, ${counted(report.malformedSent, "malformed message")} mixed in`,
    );
    this.#narrator.say(
      `${counted(outcomes.written, "revision")} written, ${count(outcomes.skipped)} skipped as already applied, by ` +
        `${counted(report.invocations, "invocation")}: ${rate(outcomes.written, "revisions", this.#narrator.stepSeconds)}`,
    );
    this.#narrator.say(
      `${counted(report.deadLetters.length, "message")} in the dead-letter queue: ${reasonsOf(report)}`,
    );
    expect(outcomes.written === report.replay.published, "every revision was written once");
    expect(report.deadLetters.length === report.malformedSent, "all malformed messages are dead letters");
    expect(
      report.deadLetters.every(({ name }) => name !== undefined),
      "nothing else is a dead letter",
    );
    return report;
  }

  async #reconcile(): Promise<ReconcileReport> {
    this.#narrator.step('Reconcile the export with the history of "new"');
    const ledger = new DriverLedger({ ledgerName: "new", endpoint: this.#server.endpoint });
    try {
      const report = await reconcile(await openExport([EXPORT]), createDriverHistory(ledger), {
        idFieldOf: idFieldFinder({}),
      });
      this.#narrator.say(
        `${counted(report.documents.exported, "document")}, ${counted(report.revisions.equal, "revision")} equal, ` +
          `${counted(report.differencesTotal, "difference")}: ` +
          rate(report.revisions.exported, "revisions", this.#narrator.stepSeconds),
      );
      expect(report.equal, "export and ledger hold the same revisions");
      return report;
    } finally {
      await ledger.close();
    }
  }

  async #verifyNew(): Promise<void> {
    this.#narrator.step('Verify the journal of "new", and that its tables follow from it');
    const { verdict, blocks, findings } = await (await this.#new()).verify();
    this.#narrator.say(
      `${good(verdict)}: ${counted(blocks, "block")}, ${counted(findings.length, "finding")}`,
    );
    if (verdict !== "passed") {
      throw new ExpectationError(`Expected the new ledger to verify, found the verdict ${verdict}.`);
    }
  }

  async #replayAgain(): Promise<QueueReplayReport> {
    this.#narrator.step("Replay once more under a new run id");
    const before = await this.#newestBlock();
    const report = await this.#replayRun("demo-run-2", false);
    const after = await this.#newestBlock();
    const { written, skipped, rejected } = report.outcomes;
    this.#narrator.say(
      `${counted(report.sent, "event")} delivered, ${count(skipped)} skipped as already applied, ${count(written)} written, ` +
        `${counted(after - before, "new block")}: ${rate(report.sent, "events", this.#narrator.stepSeconds)}`,
    );
    expect(written === 0 && rejected === 0 && skipped === report.sent, "every event was already applied");
    expect(after === before, "the journal did not grow");
    return report;
  }

  async #replayRun(runId: string, disturbed: boolean): Promise<QueueReplayReport> {
    const { endpoint } = this.#server;
    const journal = await openExport([EXPORT]);
    return replayThroughQueue(this.#sqs, { journal, endpoint, ledgerName: "new", runId, disturbed });
  }

  async #newestBlock(): Promise<number> {
    const head = await (await this.#new()).readHead();
    return head?.sequenceNo ?? -1;
  }

  #new(): Promise<EmbeddedLedger> {
    return this.#server.store.open("new");
  }

  /** Ends in one screen, with the result first. */
  #summarise(found: {
    readonly loaded: LoadedHistory;
    readonly verification: VerificationReport;
    readonly first: QueueReplayReport;
    readonly reconciliation: ReconcileReport;
    readonly second: QueueReplayReport;
  }): void {
    const { loaded, verification, first, reconciliation, second } = found;
    this.#narrator.summary(good("passed: nothing was lost, nothing was written twice"), [
      ["source", `${counted(loaded.edits, "edit")}, ${counted(loaded.revisions, "revision")}`],
      [
        "export",
        `${verification.verdict}, ${verification.assurance ?? "no assurance"}: ${counted(verification.blocks, "block")}`,
      ],
      ["one changed byte", "found"],
      ["sent through the queue", `${counted(first.sent, "event")} and ${first.malformedSent} malformed`],
      ["written", counted(first.outcomes.written, "revision")],
      ["repetitions skipped", count(first.outcomes.skipped)],
      ["dead letters", `${first.deadLetters.length}, each with its reason`],
      ["reconciled", `${counted(reconciliation.revisions.equal, "revision")} equal, no difference`],
      [
        "second replay",
        `${counted(second.outcomes.skipped, "event")} skipped, ${count(second.outcomes.written)} written`,
      ],
      ["time", `${this.#narrator.seconds.toFixed(0)} s`],
    ]);
    console.log(`
Try next, from docs/guides/verify-and-move-an-export.md:

   ./scripts/ledger-loader export verify docs/examples/sample-export \\
     --digest docs/examples/sample-digest.json
   ./scripts/ledger-loader export verify ${TAMPERED} --digest ${DIGEST}
   ./scripts/ledger-loader ledger serve --data ${LEDGERS}
`);
  }
}

/** How often each reason occurs among the dead letters. */
function reasonsOf({ deadLetters }: QueueReplayReport): string {
  const counts = new Map<string, number>();
  for (const { reason = "no reason reported" } of deadLetters) {
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  return [...counts].map(([reason, times]) => `${times} ${reason}`).join(", ");
}

async function main(): Promise<void> {
  await rm(FOLDER, { recursive: true, force: true });
  await mkdir(FOLDER, { recursive: true });
  const server = await openLedgerServer({ dataFolder: LEDGERS });
  const sqs = await startSqs();
  try {
    await new Demo(server, sqs).run();
  } finally {
    await sqs.close();
    await server.close();
  }
}

/** Says what failed in a sentence; whoever reports it finds the rest in a file. */
async function tellFailure(error: unknown): Promise<void> {
  console.error(`\n${bad("error:")} ${error instanceof Error ? error.message : String(error)}`);
  if (error instanceof ExpectationError) return;
  await writeFile(ERROR_LOG, `${inspect(error)}\n`);
  console.error(`The details are in ${ERROR_LOG}. Running ./scripts/demo again begins anew.`);
}

main().catch(async (error: unknown) => {
  process.exitCode = 1;
  await tellFailure(error);
});
