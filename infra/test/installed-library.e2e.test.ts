// SPDX-License-Identifier: MIT
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { createEvent, encodeEvent } from "@ledger-loader/core";
import {
  describeWhen,
  PackedPackages,
  readHistories,
  registryReadiness,
  runProgram,
  startLambda,
  startLedger,
  type TestLedger,
} from "@ledger-loader/testkit";

const ROOT = path.join(__dirname, "..", "..");
const APP = path.join(__dirname, "fixtures", "installed-app");

interface Assets {
  readonly files: Readonly<
    Record<string, { readonly displayName: string; readonly source: { readonly path: string } }>
  >;
}

describeWhen(registryReadiness(), describe)("The construct library, installed from its tarball", () => {
  let packed: PackedPackages;
  let project: string;
  let ledger: TestLedger;
  beforeAll(async () => {
    packed = await PackedPackages.pack(ROOT);
    // The peers are linked: they are 160 MB, and as the workspace has them.
    const peers = ["aws-cdk-lib", "constructs"].map((name) => path.join(ROOT, "infra/node_modules", name));
    project = await packed.install("my-app", ["infra"], [...peers, "@types/node@20"]);
    for (const name of ["app.ts", "tsconfig.json"])
      copyFileSync(path.join(APP, `${name}.txt`), path.join(project, name));
    const writer = "price-writer.ts";
    copyFileSync(path.join(ROOT, "docs/examples/my-writer/src", writer), path.join(project, writer));
    writeFileSync(path.join(project, "cdk.json"), '{"app":"node out/app.js"}');
    ledger = await startLedger({ name: "products", tables: { Product: ["oldDocumentId"] } });
  });
  afterAll(async () => {
    await ledger.close();
    packed.remove();
  });

  it("a user's stack of three constructs compiles", async () => {
    const { stdout } = await runProgram(project, path.join(ROOT, "node_modules/.bin/tsc"), ["-p", "."]);
    const lines = stdout.split("\n").filter((line) => /^\S/.test(line));
    // Types of others may be wrong under the strictest settings. Ours must not be.
    const foreign = /^(?:\.\.\/)*(?:[\w./-]+\/)?node_modules\/(?!@ledger-loader\/)/;
    expect(lines.filter((line) => !foreign.test(line))).toEqual([]);
  });

  it("cdk synth bundles its functions, and one of them loads events with the user's writer", async () => {
    const synth = ["cdk", "synth", "--quiet"];
    const done = await runProgram(project, "npx", synth, { CDK_DISABLE_CLI_TELEMETRY: "true" });
    expect([done.exitCode, done.stderr]).toEqual([0, expect.stringContaining("Bundling asset")]);
    const text = readFileSync(path.join(project, "cdk.out", "Loads.assets.json"), "utf8");
    const codes = Object.values((JSON.parse(text) as Assets).files)
      .map(({ source }) => path.join(project, "cdk.out", source.path))
      .filter((folder) => path.basename(folder).startsWith("asset."));
    expect(codes).toHaveLength(3);
    const own = codes.filter((folder) =>
      readFileSync(path.join(folder, "index.js"), "utf8").includes("priceBefore"),
    );
    expect(own).toHaveLength(1);
    const lambda = await startLambda({
      codeFolder: own[0] ?? "",
      runtimeClient: "own",
      environment: environment(),
    });
    try {
      expect(await lambda.invoke(aBatch())).toEqual({ status: "ok", payload: { batchItemFailures: [] } });
    } finally {
      await lambda.close();
    }
    const histories = await readHistories(ledger.connect(), "Product");
    expect(histories.get('"lamp"')).toEqual(["{price:20}", "{price:25,priceBefore:20}"]);
  });

  function environment(): Record<string, string> {
    return {
      LEDGER_NAME: ledger.name,
      LEDGER_ENDPOINT: ledger.endpoint,
      AWS_REGION: "eu-west-1",
      AWS_ACCESS_KEY_ID: "role",
      AWS_SECRET_ACCESS_KEY: "role",
    };
  }
});

function aBatch(): object {
  const lamp = { table: "Product", id: "lamp" };
  const events = [
    createEvent({ ...lamp, op: "INSERT", version: 0, data: { price: 20 } }),
    createEvent({ ...lamp, op: "UPDATE", version: 1, data: { price: 25 } }),
  ];
  return {
    Records: events.map((event, i) => ({
      messageId: String(i),
      body: encodeEvent(event),
      attributes: { SentTimestamp: "1700000000000", MessageGroupId: "lamp" },
      eventSourceARN: "arn:aws:sqs:eu-west-1:123456789012:products.fifo",
    })),
  };
}
