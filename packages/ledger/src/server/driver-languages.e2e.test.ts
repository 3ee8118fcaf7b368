// SPDX-License-Identifier: MIT
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { describeWhen, peerAvailability, type Availability } from "@ledger-loader/testkit";
import { dumpText } from "ion-js";
import { openTestServer, testLedgerName, type TestServer } from "../../test/open-test-server";
import { ion, query } from "../../test/open-test-store";
import { secureServer, type SecuredServer } from "../../test/secured-server";
import { qldbLimits } from "../limits";

const programs = path.join(__dirname, "../../test/drivers");
const samplesFile = path.join(programs, "samples.tsv");
const samples = readFileSync(samplesFile, "utf8")
  .trimEnd()
  .split("\n")
  .map((line) => line.split("\t") as [name: string, text: string]);

/** The output of each program, whatever its language. */
const expected = [
  "tables: Sample Vehicle",
  ...samples.map(([name]) => `type ${name}: equal`),
  "document id: 22",
  "updated: 1",
  "version: 1",
  "history: Ann Bob deleted",
  "pages: 400",
  "read ios: 400",
  "timed: true",
  "conflict: 2 attempts, count 11",
  "refused: BadRequestException",
  "pause until the transaction has expired",
  "expired: InvalidSessionException",
  "after expiry: 0",
  "pause until the server was restarted",
  "after restart: 1",
];

/** A program as a command line, which is told of the server and the ledger. */
interface Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

const folderOf = (availability: Availability): string => (availability.available ? availability.folder : "");

function javaProgram(folder: string, endpoint: string): Program {
  const jars = path.join(folder, "lib", "*");
  // A program that runs for seconds gains nothing from optimised code.
  const options = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m", "-cp", jars];
  return {
    command: "java",
    args: [...options, path.join(programs, "Tutorial.java"), endpoint, testLedgerName, samplesFile],
  };
}

function pythonProgram(folder: string, endpoint: string): Program {
  return {
    command: "python3",
    args: [path.join(programs, "tutorial.py"), testLedgerName, samplesFile],
    env: {
      PYTHONPATH: path.join(folder, "lib"),
      PYTHONDONTWRITEBYTECODE: "1",
      AWS_ENDPOINT_URL_QLDB_SESSION: endpoint,
    },
  };
}

function nodeProgram(_folder: string, endpoint: string): Program {
  return {
    command: process.execPath,
    args: [path.join(programs, "tutorial.mjs"), testLedgerName, samplesFile],
    env: { AWS_ENDPOINT_URL_QLDB_SESSION: endpoint },
  };
}

const languages = [
  ["Node.js", { available: true, folder: "" }, nodeProgram],
  ["Java", peerAvailability("qldb-driver-java"), javaProgram],
  ["Python", peerAvailability("qldb-driver-python"), pythonProgram],
] as const;

for (const [language, availability, toProgram] of languages) {
  describeWhen(availability, describe)(`The official driver for ${language}`, () => {
    let test: TestServer;
    let now: number;
    beforeEach(async () => {
      now = Date.now();
      test = await openTestServer({ clock: () => now });
    });
    afterEach(() => test.close());

    it("runs an application: tables, every Ion type, history, pages, a conflict, an expiry, a restart", async () => {
      const program = toProgram(folderOf(availability), test.server.endpoint);
      expect(await converse(program, (line) => act(line, test))).toEqual(expected);
      await expectSamplesKept(test);
    });

    it("runs it by TLS with an access key of the server, and is refused with a wrong one", async () => {
      const secured = await secureServer();
      const server = await openTestServer({ clock: () => now, ...secured.options });
      try {
        const program = toProgram(folderOf(availability), server.server.endpoint);
        const env = { ...program.env, ...trusting(language, secured.certificateFile) };
        const wrong = {
          ...program,
          env: { ...env, ...keysOf({ ...secured.credentials, secretAccessKey: "wrong" }) },
        };
        await expect(converse(wrong, (line) => act(line, server))).rejects.toThrow(
          "The signature does not match the request",
        );
        const right = { ...program, env: { ...env, ...keysOf(secured.credentials) } };
        expect(await converse(right, (line) => act(line, server))).toEqual(expected);
      } finally {
        await server.close();
        await secured.remove();
      }
    });

    async function act(line: string, server: TestServer): Promise<void> {
      if (line === "pause until the transaction has expired") now += qldbLimits.transactionLifetimeMs + 1;
      else if (line === "pause until the server was restarted") await server.restart();
    }
  });
}

function keysOf({ accessKeyId, secretAccessKey }: SecuredServer["credentials"]): Record<string, string> {
  return { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey };
}

/** The variables that make a program trust a certificate. */
function trusting(language: string, certificateFile: string): Record<string, string> {
  if (language !== "Java") return { NODE_EXTRA_CA_CERTS: certificateFile, AWS_CA_BUNDLE: certificateFile };
  const store = `${certificateFile}.p12`;
  const words = ["-importcert", "-noprompt", "-alias", "ledger", "-file", certificateFile];
  execFileSync("keytool", [...words, "-keystore", store, "-storetype", "PKCS12", "-storepass", "changeit"], {
    stdio: "ignore",
  });
  return {
    JAVA_TOOL_OPTIONS: `-Djavax.net.ssl.trustStore=${store} -Djavax.net.ssl.trustStorePassword=changeit`,
  };
}

/** Expects this language's reader to read the sample as the program of another language wrote it. */
async function expectSamplesKept({ server }: TestServer): Promise<void> {
  const rows = await query(
    await server.store.open(testLedgerName),
    'SELECT s.name, s."value" FROM Sample AS s',
  );
  const kept = new Map(
    rows.map(ion).map((row) => [row.get("name")?.stringValue() ?? "", dumpText(row.get("value"))]),
  );
  expect(kept).toEqual(new Map(samples.map(([name, text]) => [name, dumpText(ion(text))])));
}

/** Runs a program and answers each of its lines that begins with "pause" once `act` is done. Returns all lines. */
async function converse(program: Program, act: (line: string) => Promise<void>): Promise<string[]> {
  const { command, args, env } = program;
  const credentials = { AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test", AWS_REGION: "us-east-1" };
  const child = spawn(command, args, {
    stdio: ["pipe", "pipe", "pipe"],
    env: {
      PATH: process.env["PATH"],
      HOME: process.env["HOME"],
      ...credentials,
      AWS_DEFAULT_REGION: "us-east-1",
      ...env,
    },
  });
  const ended = once(child, "close") as Promise<[code: number | null]>;
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => (errors = (errors + chunk.toString()).slice(-20_000)));
  const lines: string[] = [];
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      lines.push(line);
      if (!line.startsWith("pause")) continue;
      await act(line);
      child.stdin.write("\n");
    }
  } catch (error) {
    child.kill();
    throw error;
  }
  const [code] = await ended;
  if (code !== 0)
    throw new Error(`${command} ended with code ${String(code)}:\n${lines.slice(-3).join("\n")}\n${errors}`);
  return lines;
}
