// SPDX-License-Identifier: MIT
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { describeWhen, peerAvailability, startMoto, type MotoServer } from "@ledger-loader/testkit";
import { runWords, serve, type ServedLedgers } from "../test/run-words";

const URL = "s3://exports/2020";

describeWhen(peerAvailability("moto"), describe)("an export in a bucket", () => {
  let folder: string;
  let server: ServedLedgers;
  let moto: MotoServer;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "cli-bucket-"));
    [server, moto] = await Promise.all([serve(join(folder, "data")), startMoto()]);
    for (const name of ["old", "new"]) await run("ledger", "create", name);
    for (const statement of ["CREATE TABLE Car", "INSERT INTO Car VALUE {'vin': 'A1'}"]) {
      await run("ledger", "query", "old", statement);
    }
    await run("ledger", "export", "old", "--output", join(folder, "export"));
    await upload(join(folder, "export"));
  });
  afterAll(async () => {
    await Promise.all([server.stop(), moto.close()]);
    rmSync(folder, { recursive: true, force: true });
  });

  async function upload(from: string): Promise<void> {
    const client = new S3Client({ ...moto.clientConfig, forcePathStyle: true });
    await client.send(new CreateBucketCommand({ Bucket: "exports" }));
    for (const name of readdirSync(from, { recursive: true, encoding: "utf8" })) {
      if (!statSync(join(from, name)).isFile()) continue;
      const Body = readFileSync(join(from, name));
      await client.send(new PutObjectCommand({ Bucket: "exports", Key: `2020/${name}`, Body }));
    }
    client.destroy();
  }

  async function run(...words: string[]): Promise<Record<string, unknown>> {
    const env = { ...server.env, AWS_ENDPOINT_URL_S3: moto.endpoint };
    const result = await runWords([...words, "--json"], { env });
    return { exitCode: result.exitCode, ...result.json() };
  }

  it("is verified, replayed, reconciled and restored without a copy", async () => {
    expect(await run("export", "verify", URL)).toMatchObject({ exitCode: 0, verdict: "passed", blocks: 2 });
    const replayed = await run("export", "replay", URL, "--to", "ledger:new");
    expect(replayed).toMatchObject({ exitCode: 0, written: 1 });
    expect(await run("reconcile", URL, "--ledger", "new")).toMatchObject({ exitCode: 0, equal: true });
    const restored = await run("ledger", "restore", "old", "--from", URL, "--data", join(folder, "copy"));
    expect(restored).toMatchObject({ exitCode: 0, verdict: "passed" });
  });

  it("is not blamed for another service that cannot be reached", async () => {
    const replayed = await run("export", "replay", URL, "--to", "sqs:http://127.0.0.1:1/123456789012/events");
    expect(replayed).toMatchObject({ exitCode: 2, error: { code: "QUEUE_REFUSED" } });
  });

  it("is written there, and verified where it is", async () => {
    const written = await run(
      "ledger",
      "export",
      "old",
      "--output",
      "s3://exports/written",
      "--prefix",
      "a-",
    );
    expect(written).toMatchObject({
      exitCode: 0,
      blocks: 2,
      manifestPath: expect.stringMatching(/^s3:\/\/exports\/written\/a-\w+\.\w+\.completed\.manifest$/),
    });
    const verified = await run("export", "verify", String(written["manifestPath"]));
    expect(verified).toMatchObject({ exitCode: 0, verdict: "passed", blocks: 2 });
    const missing = await run("ledger", "export", "old", "--output", "s3://no-such-bucket");
    expect(missing).toMatchObject({ exitCode: 2, error: { code: "BUCKET_REFUSED" } });
  });
});
