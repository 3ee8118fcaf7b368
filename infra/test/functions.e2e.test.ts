// SPDX-License-Identifier: MIT
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import {
  describeWhen,
  LAMBDA_EVENTS,
  peerAvailability,
  readHistories,
  receiveAll,
  startLambda,
  startLedger,
  startSqs,
  type LambdaFunctionOptions,
  type SqsEmulator,
  type TestLedger,
} from "@ledger-loader/testkit";
import type { Metafile } from "esbuild";
import { bundleFunction } from "../lib/constructs/bundle";
import { startAwsRecorder, type AwsRecorder } from "./aws-recorder";
import { ringingAlarms } from "./alarm-metrics";
import { FUNCTION_RUNS, SECRETS, toPairs, toPoison, type FunctionRun } from "./function-runs";
import { synthesize, type SynthesizedStack } from "./synthesize";
import { readFunction } from "./synthesized-function";

type RuntimeClient = NonNullable<LambdaFunctionOptions["runtimeClient"]>;

const SYNTHESIS_MS_MAX = 300_000;
const MEGABYTE = 1024 * 1024;
/** The name that the runtime clients give each function. */
const FUNCTION_NAME = "function";
/** What Lambda itself does in a function's name: write its log. */
const RUNTIME = ["logs:CreateLogStream on LoaderLog", "logs:PutLogEvents on LoaderLog"];

const stacks = new Map<string, SynthesizedStack>();
/** What is printed of each function: its size in bytes, and the milliseconds of its cold start. */
const figures = new Map<string, { readonly bytes: number; readonly ms: number }>();
let sqs: SqsEmulator;
let queueOrigin: string;
let queues = 0;

beforeAll(async () => {
  for (const { name, loader } of FUNCTION_RUNS) stacks.set(name, synthesize(loader));
  sqs = await startSqs();
  queueOrigin = new URL((await sqs.createQueue({ name: "any", fifo: false })).url).origin;
}, SYNTHESIS_MS_MAX);
afterAll(async () => {
  await sqs.close();
  tellFigures();
});

it("executes every entry that there is", () => {
  const entries = readdirSync(path.join(__dirname, "../lambda"))
    .filter(
      (file) =>
        file.endsWith(".ts") &&
        !["start.ts", "no-extensions.ts", "function-credentials.ts", "export-verify.ts"].includes(file),
    )
    .map((file) => path.basename(file, ".ts"));
  // The functions of a queue are one entry, with a topic before it or not.
  const executed = FUNCTION_RUNS.map(({ name }) => name).filter((name) => name !== "sns-to-sqs");
  expect(executed.toSorted()).toEqual(entries.toSorted());
});

describe("the function of every stack, in our own runtime client", () => {
  describeRuns("own");
});
describeWhen(peerAvailability("aws-lambda-ric"), describe)(
  "the function of every stack, in AWS's runtime interface client",
  () => {
    describeRuns("aws-lambda-ric");
  },
);

function describeRuns(runtimeClient: RuntimeClient): void {
  it.each(FUNCTION_RUNS)(
    "$name writes what can be written, parks what cannot, and may do just what it does",
    async (run) => {
      const { ledger, recorder, close } = await surroundings();
      try {
        const { allowed, deadLetters, log } = await invokeTwice(run, runtimeClient, ledger, recorder);
        const [history] = [...(await readHistories(ledger.connect(), "Vehicle")).values()];
        expect(history).toHaveLength(1);
        expect(await receiveAll(sqs.client, deadLetters)).toHaveLength(1);
        const needed = [...recorder.permissions, ...toPairs(run.source), ...RUNTIME];
        expect(allowed).toEqual([...new Set(needed)].sort());
        const { template } = stacks.get(run.name)!;
        expect(ringingAlarms(template, log, FUNCTION_NAME)).toEqual(["RejectedAlarm", "LagAlarm"]);
      } finally {
        await close();
      }
    },
    60_000,
  );
}

describe("a function that can neither write nor park", () => {
  const run = FUNCTION_RUNS[0]!;
  it.each([
    ["a ledger that does not answer", "OutagesAlarm", { LEDGER_ENDPOINT: "http://127.0.0.1:9" }],
    ["no queue for dead letters", "ParkingFailuresAlarm", { DEAD_LETTERS: "none" }],
  ])("sets off the alarm for it: %s", async (_what, alarm, broken) => {
    const { ledger, recorder, close } = await surroundings();
    const stack = stacks.get(run.name)!;
    const deadLetterQueueUrl = `${recorder.endpoint}/123456789012/missing`;
    const { codeFolder, environment } = readFunction(stack, { region: "us-east-1", deadLetterQueueUrl });
    const lambda = await startLambda({
      codeFolder,
      environment: {
        ...environment,
        AWS_ENDPOINT_URL: recorder.endpoint,
        LEDGER_ENDPOINT: ledger.endpoint,
        ...("DEAD_LETTERS" in broken ? {} : broken),
      },
    });
    try {
      const { toEvent } = LAMBDA_EVENTS.find(({ name }) => name === run.event)!;
      await lambda.invoke(toPoison(toEvent("Vehicle")));
      await lambda.invoke(toEvent("Vehicle"));
      expect(ringingAlarms(stack.template, lambda.log, FUNCTION_NAME)).toContain(alarm);
    } finally {
      await lambda.close();
      await close();
    }
  });
});

describe("a function on a ledger of QLDB's own", () => {
  const { ledgerName, parkWaitMs } = FUNCTION_RUNS[0]!.loader;
  const run: FunctionRun = {
    ...FUNCTION_RUNS[0]!,
    name: "sqs on qldb",
    loader: { channel: "sqs", ledgerName, parkWaitMs: parkWaitMs! },
  };
  beforeAll(() => {
    stacks.set(run.name, synthesize(run.loader));
  }, SYNTHESIS_MS_MAX);

  it("may send the statements that the loader sends, and no other", async () => {
    const { ledger, recorder, close } = await surroundings();
    try {
      const { allowed } = await invokeTwice(run, "own", ledger, recorder, [
        // The whole life of a record, so that every kind of statement is sent.
        anEvent({ op: "INSERT", version: 0, data: { n: 0 } }),
        anEvent({ op: "UPDATE", version: 1, data: { n: 1 } }),
        anEvent({ op: "UPDATE", version: 1, data: { n: 1 } }),
        anEvent({ op: "DELETE", version: 2 }),
        anEvent({ op: "INSERT", version: 0, data: { n: 0 } }),
      ]);
      const needed = [...recorder.permissions, ...toPairs(run.source), ...RUNTIME];
      expect(allowed).toEqual([...new Set(needed)].sort());
      expect(allowed).toContain("qldb:SendCommand on LEDGER");
    } finally {
      await close();
    }
  });
});

it("fits the function of a queue into 0.9 MB", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "bundle-"));
  try {
    tellLargest(bundleFunction(folder, { entry: "sqs" }));
    expect(sizeOf(folder)).toBeLessThanOrEqual(900_000);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

interface Surroundings {
  readonly ledger: TestLedger;
  readonly recorder: AwsRecorder;
  readonly close: () => Promise<void>;
}

async function surroundings(): Promise<Surroundings> {
  const ledger = await startLedger({ name: "vehicles", tables: { Vehicle: ["oldDocumentId"] } });
  const recorder = await startAwsRecorder({ queues: queueOrigin, qldb: ledger.endpoint, secrets: SECRETS });
  return {
    ledger,
    recorder,
    close: async () => {
      await recorder.close();
      await ledger.close();
    },
  };
}

/** Invokes a function with events that can be written, then with one that cannot. */
async function invokeTwice(
  { name, event }: FunctionRun,
  runtimeClient: RuntimeClient,
  ledger: TestLedger,
  recorder: AwsRecorder,
  more: readonly unknown[] = [],
): Promise<{ readonly allowed: readonly string[]; readonly deadLetters: string; readonly log: string }> {
  const { url: deadLetters } = await sqs.createQueue({ name: `letters-${queues++}`, fifo: false });
  const stack = stacks.get(name)!;
  // The SDK sends a message to the host of the queue's URL.
  const { pathname } = new URL(deadLetters);
  const deployed = { region: "us-east-1", deadLetterQueueUrl: `${recorder.endpoint}${pathname}` };
  const { codeFolder, environment, allowed } = readFunction(stack, deployed);
  const lambda = await startLambda({
    codeFolder,
    runtimeClient,
    environment: {
      ...environment,
      AWS_ENDPOINT_URL: recorder.endpoint,
      // The address in the template is an example's; a ledger of QLDB's own is reached as a service of AWS.
      ...("LEDGER_ENDPOINT" in environment ? { LEDGER_ENDPOINT: ledger.endpoint } : {}),
    },
  });
  try {
    const { toEvent, answer } = LAMBDA_EVENTS.find((each) => each.name === event)!;
    const good = toEvent("Vehicle");
    const began = performance.now();
    expect(await lambda.invoke(good)).toEqual({ status: "ok", payload: answer });
    const ms = performance.now() - began;
    if (runtimeClient === "own") figures.set(name, { ms, bytes: sizeOf(codeFolder) });
    for (const each of more) expect(await lambda.invoke(each)).toMatchObject({ status: "ok" });
    expect(await lambda.invoke(toPoison(good))).toEqual({ status: "ok", payload: answer });
    return { allowed, deadLetters, log: lambda.log };
  } finally {
    await lambda.close();
  }
}

function anEvent(fields: object): unknown {
  const [record] = (
    LAMBDA_EVENTS.find(({ name }) => name === "sqs")!.toEvent("Vehicle") as { Records: object[] }
  ).Records;
  return { Records: [{ ...record, body: JSON.stringify({ table: "Vehicle", id: "life", ...fields }) }] };
}

function sizeOf(folder: string): number {
  return readdirSync(folder).reduce((sum, file) => sum + statSync(path.join(folder, file)).size, 0);
}

/** What the functions weigh, and how long the first event took: process, import, ledger sessions, secrets, write. */
function tellFigures(): void {
  const lines = [...figures].map(
    ([name, { bytes, ms }]) =>
      `  ${name.padEnd(18)} ${(bytes / MEGABYTE).toFixed(2)} MB ${Math.round(ms)} ms`,
  );
  tell("Size of each function, and time from the start of its process to its first outcome:", lines);
}

/** The packages that take most of a bundle. */
function tellLargest({ outputs }: Metafile): void {
  const bytes = new Map<string, number>();
  for (const [file, { bytesInOutput }] of Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs),
  )) {
    const name =
      /.*node_modules\/((?:@[^/]+\/)?[^/]+)|packages\/([^/]+)/.exec(file)?.slice(1).find(Boolean) ?? file;
    bytes.set(name, (bytes.get(name) ?? 0) + bytesInOutput);
  }
  const largest = [...bytes].sort(([, a], [, b]) => b - a).slice(0, 8);
  tell(
    "What takes most room in the function of a queue:",
    largest.map(([name, size]) => `  ${name.padEnd(34)} ${Math.round(size / 1024)} KB`),
  );
}

function tell(title: string, lines: readonly string[]): void {
  process.stderr.write([title, ...lines, ""].join("\n"));
}
