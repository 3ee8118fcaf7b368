// SPDX-License-Identifier: MIT
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import {
  describeWhen,
  LAMBDA_EVENTS,
  peerAvailability,
  readHistories,
  startLambda,
  startLedger,
  type LambdaEventCase,
  type LambdaFunctionOptions,
  type TestLedger,
} from "@ledger-loader/testkit";
import { build } from "esbuild";

/** Every example function there is. */
const EXAMPLES = readdirSync(__dirname).flatMap((name) => /^(.+)-function\.ts$/.exec(name)?.[1] ?? []);
const PACKAGES = path.join(__dirname, "../../../packages");

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "functions-"));
  await Promise.all(EXAMPLES.map(bundle));
});
afterAll(() => rm(folder, { recursive: true }));

it("every handler of every channel is in an example function, and every one of those has a case", () => {
  const indexes = readdirSync(PACKAGES).map((name) => path.join(PACKAGES, name, "src/index.ts"));
  const handlersIn = (file: string): readonly string[] =>
    [...readFileSync(file, "utf8").matchAll(/(create\w+Handler)(?:FromConfig)?\b/g)].map(
      ([, name = ""]) => name,
    );
  const used = EXAMPLES.flatMap((name) => handlersIn(path.join(__dirname, `${name}-function.ts`)));
  expect(new Set(used)).toEqual(new Set(indexes.filter(existsSync).flatMap(handlersIn)));
  const tried = LAMBDA_EVENTS.map(({ name, example = name }) => example);
  expect(new Set(tried)).toEqual(new Set(EXAMPLES));
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
  let ledger: TestLedger;
  beforeAll(async () => {
    ledger = await startLedger({ name: "vehicles" });
  });
  afterAll(() => ledger.close());

  it.each(LAMBDA_EVENTS)("$name writes the event of its channel", async (functionCase) => {
    const table = `T_${functionCase.name}`.replace(/\W/g, "_");
    await ledger.createTable(table, ["oldDocumentId"]);
    expect(await invoke(functionCase, table, { runtimeClient, ledger })).toEqual({
      status: "ok",
      payload: functionCase.answer,
    });
    const [history] = [...(await readHistories(ledger.connect(), table)).values()];
    expect(history).toHaveLength(1);
  });
}

/** What a function runs in. */
interface Surroundings {
  readonly runtimeClient: NonNullable<LambdaFunctionOptions["runtimeClient"]>;
  readonly ledger: TestLedger;
}

async function invoke(
  { name, example = name, toEvent, environment, files }: LambdaEventCase,
  table: string,
  { runtimeClient, ledger }: Surroundings,
): ReturnType<Awaited<ReturnType<typeof startLambda>>["invoke"]> {
  const codeFolder = path.join(folder, example);
  for (const [file, content] of Object.entries(files?.(table) ?? {})) {
    await writeFile(path.join(codeFolder, file), content);
  }
  const lambda = await startLambda({
    codeFolder,
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
