// SPDX-License-Identifier: MIT
import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { once } from "node:events";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";

const ROOT = path.join(__dirname, "../../..");
const TIME_LIMIT_MS = 300_000;
/** The parts of a checkout that the commands of the docs use. */
const LINKED = ["packages", "scripts", "node_modules", "package.json"];
/** The ports of the docs, which are replaced by free ones. */
const PORTS = ["8182", "4566"];

let folder: string;
beforeEach(() => {
  if (!existsSync(path.join(ROOT, "packages/cli/dist/main.js"))) {
    throw new Error("Expected the packages to be built, found no packages/cli/dist. Run `pnpm build` first.");
  }
  folder = mkdtempSync(path.join(tmpdir(), "newcomer-"));
  for (const name of LINKED) symlinkSync(path.join(ROOT, name), path.join(folder, name));
  mkdirSync(path.join(folder, "docs/examples"), { recursive: true });
  for (const name of ["sample-export", "sample-digest.json"]) {
    cpSync(path.join(ROOT, "docs/examples", name), path.join(folder, "docs/examples", name), {
      recursive: true,
    });
  }
  symlinkSync(path.join(ROOT, "docs/examples/node_modules"), path.join(folder, "docs/examples/node_modules"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe("The commands of the docs, word for word:", () => {
  it(
    "an application developer runs a program on the driver",
    async () => {
      const { exitCode, output } = await follow("run-your-application", "application-developer");
      expect(output).toMatch(/^Ann$/m);
      expect(exitCode).toBe(0);
    },
    TIME_LIMIT_MS,
  );

  it(
    "an auditor verifies the sample, and finds one changed byte in a copy",
    async () => {
      const sound = await follow("verify-and-move-an-export", "auditor");
      expect(sound.output).toMatch(/^passed, anchored: /m);
      expect(sound.exitCode).toBe(0);
      const changed = await follow("verify-and-move-an-export", "auditor fails");
      expect(changed.output).toMatch(/^failed: [^]*revision-hash/m);
      expect(changed.exitCode).toBe(1);
    },
    TIME_LIMIT_MS,
  );

  it(
    "a data engineer loads events from a queue",
    async () => {
      const { exitCode, output } = await follow("load-from-sqs", "data-engineer");
      expect(output).toContain("everything that came is in the ledger");
      expect(output).toMatch(/Owner: ?"Ann"/);
      expect(exitCode).toBe(0);
    },
    TIME_LIMIT_MS,
  );

  it(
    "a user of the Java loader loads its events by its table map",
    async () => {
      const { exitCode, output } = await follow("replace-the-java-loader", "java-user");
      expect(output).toMatch(/Owner: ?"Ann"/);
      expect(exitCode).toBe(0);
    },
    TIME_LIMIT_MS,
  );
});

/** Runs the blocks of a page that are marked with a task, in one shell and in order. */
async function follow(
  page: string,
  task: string,
): Promise<{ readonly exitCode: number | null; readonly output: string }> {
  const text = readFileSync(path.join(ROOT, "docs/guides", `${page}.md`), "utf8");
  const blocks = [...text.matchAll(/<!-- task: ([^>]*?) -->\n\n```sh\n([\s\S]*?)```/g)]
    .filter(([, name]) => name === task)
    .map(([, , code = ""]) => code);
  expect(blocks.length).toBeGreaterThan(0);
  const ports = await Promise.all(PORTS.map(freePort));
  const script = PORTS.reduce((code, port, i) => code.replaceAll(port, String(ports[i])), blocks.join("\n"));
  return run(script, ports);
}

/** Servers that the script starts with `&` are given the time to listen, as a person would, and end with the script. */
async function run(
  script: string,
  [ledgerPort = 0, queuePort = 0]: readonly number[],
): Promise<{ readonly exitCode: number | null; readonly output: string }> {
  const waiting = script.replaceAll(/^(.*(?:(ledger serve)|fauxqs).*) &$/gm, (_, line: string, isLedger) => {
    const port = isLedger === undefined ? queuePort : ledgerPort;
    return `${line} &\nuntil (exec 3<>/dev/tcp/127.0.0.1/${port}) 2>/dev/null; do sleep 0.2; done`;
  });
  const guarded = `trap 'code=$?; set +e; kill $(jobs -p) 2>/dev/null; wait; exit $code' EXIT\nset -eo pipefail\n${waiting}`;
  const { JEST_WORKER_ID: _, NODE_ENV: __, NODE_OPTIONS: ___, ...environment } = process.env;
  const child = spawn("bash", ["-c", guarded], {
    cwd: folder,
    env: {
      ...environment,
      LEDGER_SERVE_PORT: String(ledgerPort),
      LEDGER_ENDPOINT: `http://127.0.0.1:${ledgerPort}`,
      FAUXQS_PORT: String(queuePort),
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const exitCode = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { exitCode, output };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  return typeof address === "object" && address !== null ? address.port : 0;
}
