// SPDX-License-Identifier: MIT
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import {
  describeWhen,
  peerAvailability,
  readHistories,
  startLambda,
  startLedger,
  type LambdaFunctionOptions,
  type TestLedger,
} from "@ledger-loader/testkit";
import { build } from "esbuild";
import { FUNCTION_CASES, type FunctionCase } from "./function-cases";

let folder: string;
let ledger: TestLedger;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "functions-"));
  ledger = await startLedger({ name: "vehicles" });
  await Promise.all(FUNCTION_CASES.map(({ name }) => bundle(name)));
});
afterAll(async () => {
  await ledger.close();
  await rm(folder, { recursive: true });
});

describe("every example function, bundled, in our own runtime client", () => {
  describeFunctions("own");
});

describeWhen(peerAvailability("aws-lambda-ric"), describe)(
  "every example function, bundled, in AWS's runtime interface client",
  () => {
    describeFunctions("aws-lambda-ric");
  },
);

function describeFunctions(runtimeClient: NonNullable<LambdaFunctionOptions["runtimeClient"]>): void {
  it.each(FUNCTION_CASES)("$name writes the event of its channel", async (functionCase) => {
    const table = `T_${functionCase.name}_${runtimeClient}`.replace(/\W/g, "_");
    await ledger.createTable(table, ["oldDocumentId"]);
    expect(await invoke(functionCase, table, runtimeClient)).toEqual({
      status: "ok",
      payload: functionCase.answer,
    });
    const [history] = [...(await readHistories(ledger.connect(), table)).values()];
    expect(history).toHaveLength(1);
  });
}

async function invoke(
  { name, toEvent, environment }: FunctionCase,
  table: string,
  runtimeClient: NonNullable<LambdaFunctionOptions["runtimeClient"]>,
): ReturnType<Awaited<ReturnType<typeof startLambda>>["invoke"]> {
  const lambda = await startLambda({
    codeFolder: path.join(folder, name),
    runtimeClient,
    environment: {
      AWS_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: "example",
      AWS_SECRET_ACCESS_KEY: "example",
      LEDGER_NAME: ledger.name,
      LEDGER_ENDPOINT: ledger.endpoint,
      ...environment?.(table),
    },
  });
  try {
    return await lambda.invoke(toEvent(table));
  } finally {
    await lambda.close();
  }
}

/** One file with everything in it, as it is deployed. */
async function bundle(name: string): Promise<void> {
  await build({
    entryPoints: [path.join(__dirname, `${name}-function.ts`)],
    outfile: path.join(folder, name, "index.js"),
    bundle: true,
    minify: true,
    platform: "node",
    target: "node20",
    // Workspace packages from their sources; naming a condition drops esbuild's own, `module`.
    conditions: ["ws-source"],
    logLevel: "silent",
  });
}
