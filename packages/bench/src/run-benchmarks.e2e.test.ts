// SPDX-License-Identifier: MIT
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { peerAvailability } from "@ledger-loader/testkit";
import { buildCommandLine, bundleBenchmarks } from "../test/bundle-benchmarks";

const run = promisify(execFile);

let folder: string;
let program: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "bench-test-"));
  program = bundleBenchmarks(folder);
  buildCommandLine();
});
afterAll(() => rm(folder, { recursive: true }));

interface Output {
  readonly stdout: string;
  readonly stderr: string;
}

function bench(options: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Output> {
  return run(process.execPath, [program, ...options], {
    cwd: __dirname,
    // Only ends what hangs.
    timeout: 280_000,
    // The storage library stays outside the bundle; the ledger brings it.
    env: {
      ...process.env,
      NODE_PATH: path.join(__dirname, "..", "..", "ledger", "node_modules"),
      LEDGER_LOADER_POSTGRES_URL: undefined,
      ...environment,
    },
  });
}

/** With Java the figures, without it the reason why there are none. */
const JAVA = peerAvailability("qldb-driver-java").available
  ? [
      "Java, 8 threads: ",
      "Java, 1 thread: ",
      "inserts, processor time together (ms/event)",
      "≥ 5",
      "subject ≤ 1.2",
    ]
  : ["NOT MEASURED"];

const CHANNELS = [
  "sqs",
  "sns",
  "kinesis",
  "kinesis, aggregated",
  "msk",
  "eventbridge",
  "qldb stream",
  "dms",
  "dynamodb",
];

describe("The benchmarks", () => {
  it.each([
    ["hash", ["ion-hash-js: ", "hashIon: ", "≥ 25"]],
    ["verify", ["ion-text (revisions/s)", "ion-binary (MB/s)", "ion-binary, peak memory (MB)", "≤ 1.25"]],
    ["java", JAVA],
    ["load", ["inserts, 0 ms added (events/s)", "≥ 20", "real history, 5 ms added, processor time", "≥ 3.5"]],
    [
      "channels",
      [
        ...CHANNELS.map((channel) => `${channel}, adapter, processor time (µs/event)`),
        "bare writer: ",
        "≤ 0.1",
      ],
    ],
    [
      "ledger",
      [
        "SQLite, one document, 16 sessions (transactions/s)",
        "plain SQL: ",
        "subject ≥ 2,000",
        "SQLite, transactions of 40 documents (revisions/s)",
        "SQLite, start with 80 revisions (ms)",
        "NOT MEASURED: PostgreSQL",
      ],
    ],
    ["start", ["node -e 0: ", "--help (ms)", "≤ 2.5", "ledger serve --help (ms)"]],
  ])("run: %s prints its figures beside its baseline", async (name, expected) => {
    const { stdout } = await bench([name, "--quick"]);
    for (const text of [`${name}: `, "baseline", "subject", ...expected]) expect(stdout).toContain(text);
    expect(stdout).not.toMatch(/NaN|Infinity/);
  });

  it("say twice, on both streams, that the Java driver is missing and how to get it", async () => {
    const { stdout, stderr } = await bench(["java", "--quick"], { LEDGER_LOADER_PEERS_DIR: folder });
    for (const output of [stdout, stderr])
      expect(output).toContain(
        "NOT MEASURED: the driver is missing: run ./scripts/fetch-peers qldb-driver-java",
      );
  });

  it("say which there are when they are asked for another", async () => {
    await expect(bench(["speed"])).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining("hash") as unknown,
    });
  });
});
