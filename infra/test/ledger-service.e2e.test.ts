// SPDX-License-Identifier: MIT
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import {
  buildPackage,
  describeWhen,
  postgresAvailability,
  startPostgres,
  type PostgresServer,
} from "@ledger-loader/testkit";
import { Template } from "aws-cdk-lib/assertions";
import { createLedgerStacks } from "./ledger-stacks";

const CLI = path.join(__dirname, "../../packages/cli");
const ACCESS_KEY = { ACCESS_KEY_ID: "LEDGERLOADER00001", SECRET_ACCESS_KEY: "secret-of-the-task-definition" };

interface Container {
  readonly EntryPoint: readonly string[];
  readonly Command: readonly string[];
  readonly Environment: readonly { readonly Name: string; readonly Value: unknown }[];
  readonly Secrets: readonly { readonly Name: string }[];
}

/** The container that ECS would run. */
function synthesizeContainer(outdir: string): Container {
  const { ledger } = createLedgerStacks(outdir);
  const [task] = Object.values(Template.fromStack(ledger).findResources("AWS::ECS::TaskDefinition"));
  const { ContainerDefinitions } = task!["Properties"] as { ContainerDefinitions: readonly Container[] };
  return ContainerDefinitions[0]!;
}

describeWhen(postgresAvailability(), describe)(
  "the container of a ledger, as its task definition runs it",
  () => {
    const folder = mkdtempSync(path.join(tmpdir(), "ledger-service-"));
    const data = path.join(folder, "data");
    let postgres: PostgresServer;
    let server: ChildProcess;
    let environment: Record<string, string>;
    let listening: { readonly endpoint: string; readonly health: string };

    beforeAll(async () => {
      buildPackage(CLI);
      postgres = await startPostgres({ isDurable: false });
      const { EntryPoint, Command, Environment, Secrets } = synthesizeContainer(path.join(folder, "cdk.out"));
      expect(Secrets.map(({ Name }) => Name)).toEqual([...Object.keys(ACCESS_KEY), "PGPASSWORD"]);
      environment = createEnvironment(Environment);
      const [program = "", ...args] = [...EntryPoint, ...Command];
      server = spawn(program, args, { cwd: folder, env: environment, stdio: ["ignore", "ignore", "pipe"] });
      listening = await untilListening(server);
    }, 300_000);
    afterAll(async () => {
      if (server.exitCode === null) server.kill("SIGKILL");
      await postgres.close();
      rmSync(folder, { recursive: true, force: true });
    });

    /** What ECS and the image set, with the test's database, folder and free ports in the place of theirs. */
    function createEnvironment(declared: Container["Environment"]): Record<string, string> {
      const bin = path.join(folder, "bin");
      mkdirSync(bin);
      mkdirSync(data);
      const program = path.join(bin, "ledger-loader");
      writeFileSync(
        program,
        `#!/bin/sh\nexec "${process.execPath}" "${path.join(CLI, "dist/main.js")}" "$@"\n`,
      );
      chmodSync(program, 0o755);
      const texts = declared.flatMap(({ Name, Value }) => (typeof Value === "string" ? [[Name, Value]] : []));
      const url = new URL(postgres.url);
      url.password = "";
      const { NODE_EXTRA_CA_CERTS: _, ...own } = Object.fromEntries(texts) as Record<string, string>;
      return {
        ...own,
        ...ACCESS_KEY,
        PATH: `${bin}:${process.env["PATH"] ?? ""}`,
        TMPDIR: data,
        // The image sets it, for those who run it without PostgreSQL.
        LEDGER_SERVE_DATA: "/data",
        LEDGER_LOADER_POSTGRES_URL: url.href,
        PGPASSWORD: postgres.password,
        LEDGER_SERVE_PORT: "0",
        LEDGER_SERVE_HOST: "127.0.0.1",
        HEALTH_HOST: "127.0.0.1",
        HEALTH_PORT: "0",
      };
    }

    async function cli(words: readonly string[], keys: Record<string, string>): Promise<string> {
      const { stdout, stderr } = await promisify(execFile)("ledger-loader", [...words], {
        env: {
          PATH: environment["PATH"],
          LEDGER_ENDPOINT: listening.endpoint,
          NODE_TLS_REJECT_UNAUTHORIZED: "0",
          ...keys,
        },
      });
      return stdout + stderr;
    }

    it("is ready, and takes requests that are signed with the access key, and no others", async () => {
      const [origin] = listening.health.split("/health");
      expect((await fetch(`${origin ?? ""}/health/ready`)).status).toBe(200);
      expect(listening.endpoint).toMatch(/^https:/);
      const keys = {
        AWS_ACCESS_KEY_ID: ACCESS_KEY.ACCESS_KEY_ID,
        AWS_SECRET_ACCESS_KEY: ACCESS_KEY.SECRET_ACCESS_KEY,
      };
      expect(await cli(["ledger", "create", "vehicles"], keys)).toContain("vehicles");
      await expect(cli(["ledger", "list"], { ...keys, AWS_SECRET_ACCESS_KEY: "another" })).rejects.toThrow(
        /[Ss]ignature/,
      );
    });

    it("keeps the key in a file that no one else reads, and ends when it is asked to", async () => {
      expect(statSync(path.join(data, "keys.json")).mode & 0o777).toBe(0o600);
      server.kill("SIGTERM");
      const [code] = (await once(server, "exit")) as [number | null];
      expect(code).toBe(0);
    });
  },
);

/** The line of the server's log that says where it answers. */
async function untilListening(server: ChildProcess): Promise<{ endpoint: string; health: string }> {
  const lines: string[] = [];
  for await (const line of createInterface({ input: server.stderr! })) {
    lines.push(line);
    if (!line.includes('"listening"')) continue;
    server.stderr!.resume();
    return JSON.parse(line) as { endpoint: string; health: string };
  }
  throw new Error(`Expected a server that listens, found:\n${lines.join("\n")}`);
}
