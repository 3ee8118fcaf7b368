// SPDX-License-Identifier: MIT
import { readFile, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import * as sdk from "@aws-sdk/client-s3";
import { CreateBucketCommand, DeleteObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { type VerificationReport, openExport, verifyExport } from "@ledger-loader/export";
import { describeWhen, peerAvailability, startMoto, type MotoServer } from "@ledger-loader/testkit";
import { startBucketGate, type BucketGate } from "../../test/bucket-gate";
import { buildJournal, digestOf, STRAND } from "../../test/sample-journal";
import { writeJournal } from "../../test/written-journal";
import { ExportBucket } from "./export-bucket";

const BLOCKS = 12;
const blocks = buildJournal({
  first: 0,
  sealed: false,
  blocks: Array.from({ length: BLOCKS }, (_, n) => [{ document: n, kind: "data", text: `{n:${n}}` }]),
});
const digest = { hash: digestOf(blocks), tipAddress: { strandId: STRAND, sequenceNo: BLOCKS - 1 } };

describeWhen(peerAvailability("moto"), describe)("an export in a bucket", () => {
  let moto: MotoServer;
  let gate: BucketGate;
  let client: S3Client;
  let folder: string;
  let Bucket: string;
  let buckets = 0;

  beforeAll(async () => {
    moto = await startMoto();
    gate = await startBucketGate(moto.endpoint);
    client = new S3Client({
      ...moto.clientConfig,
      endpoint: gate.endpoint,
      forcePathStyle: true,
      maxAttempts: 1,
    });
    folder = await mkdtemp(join(tmpdir(), "bucket-"));
    await writeJournal(folder, blocks, { maxObjectBytes: 1 });
  });
  afterAll(async () => {
    client.destroy();
    await gate.close();
    await moto.close();
    await rm(folder, { recursive: true });
  });
  beforeEach(async () => {
    gate.fate = () => "pass";
    Bucket = `exports-${++buckets}`;
    await client.send(new CreateBucketCommand({ Bucket }));
  });

  async function upload(
    prefix: string,
    change: (file: Uint8Array) => Uint8Array = (file) => file,
  ): Promise<string[]> {
    const names = (await readdir(folder, { recursive: true })).filter((name) =>
      /\.(ion|manifest)$/.test(name),
    );
    for (const name of names) await put(prefix + name, change(await readFile(join(folder, name))));
    return names;
  }
  const put = (Key: string, Body: Uint8Array | string) =>
    client.send(new PutObjectCommand({ Bucket, Key, Body }));
  const verify = async (...urls: string[]): Promise<VerificationReport> =>
    verifyExport(await openExport(urls, { s3Client: client }), { digest });

  it.each([
    ["the whole bucket", "", ""],
    ["a prefix with its slash", "a/b/", "a/b/"],
    ["a prefix without its slash", "a/b/", "a/b"],
    ["a prefix above", "a/b/", "a"],
  ])("is found by %s, copied below it or not", async (_what, prefix, named) => {
    await upload(prefix);
    expect(await verify(`s3://${Bucket}/${named}`)).toMatchObject({
      verdict: "passed",
      assurance: "anchored",
      blocks: BLOCKS,
    });
  });

  it("is found by its manifest, and may be gzipped", async () => {
    const names = await upload("x/", gzipSync);
    const manifest = names.find((name) => name.endsWith("completed.manifest")) ?? "";
    const report = await verify(`s3://${Bucket}/x/${manifest}`);
    expect(report).toMatchObject({
      verdict: "passed",
      manifests: [{ location: `s3://${Bucket}/x/${manifest}` }, {}],
    });
    expect(report.dataObjects).toHaveLength(BLOCKS);
  });

  it("is verified though requests are refused and answers break off", async () => {
    await upload("");
    gate.fate = (count) => (["slow-down", "truncate", "truncate"] as const)[count - 1] ?? "pass";
    expect(await verify(`s3://${Bucket}`)).toMatchObject({ verdict: "passed", blocks: BLOCKS });
  });

  it("gets no verdict where an object cannot be read, whatever is tried", async () => {
    await upload("");
    gate.fate = (_count, path) => (path.includes(".ion") ? "truncate" : "pass");
    await expect(verify(`s3://${Bucket}`)).rejects.toThrow();
  });

  it("reads no more of an object than it has asked for, from a server that knows no ranges", async () => {
    await put("large", "x".repeat(1024 * 1024));
    const bucket = new ExportBucket(sdk, client, Bucket);
    const [large] = await bucket.list("large");
    gate.fate = (_count, path) => (path.includes("/large") ? "whole" : "pass");
    await expect(bucket.readPart(large!, 0, 10)).rejects.toMatchObject({
      code: "EXPORT_UNREADABLE",
      message: expect.stringContaining("found more bytes instead of 10 from byte 0 on, after 5 tries"),
    });
  });

  it("gets no verdict where an object is replaced meanwhile", async () => {
    const names = await upload("");
    const source = await openExport([`s3://${Bucket}`], { s3Client: client });
    const last = names.find((name) => name.includes(`.${BLOCKS - 1}-`)) ?? "";
    // Listed before it is replaced.
    await source.objects[0]?.storage.locate("nothing");
    await put(last, "{replaced: true}");
    await expect(verifyExport(source)).rejects.toThrow("replaced meanwhile");
  });

  it("misses an object as in a folder, and fails where a digest covers it", async () => {
    const names = await upload("");
    const Key = names.find((name) => name.includes(`${STRAND}.3-3.`));
    await client.send(new DeleteObjectCommand({ Bucket, Key }));
    const report = await verify(`s3://${Bucket}`);
    expect([report.verdict, report.findings.map(({ rule }) => rule)]).toEqual([
      "failed",
      expect.arrayContaining(["object-missing"]),
    ]);
  });

  it("must be there", async () => {
    await expect(verify(`s3://${Bucket}/nothing`)).rejects.toThrow(
      `found none: name the bucket and the prefix`,
    );
    await expect(verify(`s3://no-such-bucket-${Bucket}/x`)).rejects.toMatchObject({
      code: "EXPORT_UNREADABLE",
    });
    await expect(verify(`s3://${Bucket}/a.b.completed.manifest`)).rejects.toMatchObject({
      code: "EXPORT_MANIFEST",
    });
    await expect(verify("s3:///x")).rejects.toMatchObject({ code: "EXPORT_MANIFEST" });
  });
});
