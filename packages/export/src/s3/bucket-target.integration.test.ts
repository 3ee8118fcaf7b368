// SPDX-License-Identifier: MIT
import { CreateBucketCommand, HeadObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import {
  createBucketTarget,
  openExport,
  verifyExport,
  writeExport,
  type ExportWriterOptions,
  type WrittenExport,
} from "@ledger-loader/export";
import { encodeBlock } from "@ledger-loader/journal";
import { describeWhen, peerAvailability, startMoto, type MotoServer } from "@ledger-loader/testkit";
import { startBucketGate, type BucketGate } from "../../test/bucket-gate";
import { buildJournal, digestOf, STRAND } from "../../test/sample-journal";

const BLOCKS = 6;
const journal = buildJournal({
  first: 0,
  sealed: false,
  blocks: Array.from({ length: BLOCKS }, (_, n) => [{ document: n, kind: "data", text: `{n:${n}}` }]),
});
const blocks = journal.map((block) => encodeBlock(block));
const digest = { hash: digestOf(journal), tipAddress: { strandId: STRAND, sequenceNo: BLOCKS - 1 } };

describeWhen(peerAvailability("moto"), describe)("an export that is written to a bucket", () => {
  let moto: MotoServer;
  let gate: BucketGate;
  let client: S3Client;
  let Bucket: string;
  let buckets = 0;

  beforeAll(async () => {
    moto = await startMoto();
    gate = await startBucketGate(moto.endpoint);
    const config = { ...moto.clientConfig, endpoint: gate.endpoint, forcePathStyle: true, maxAttempts: 1 };
    client = new S3Client(config);
  });
  afterAll(async () => {
    client.destroy();
    await gate.close();
    await moto.close();
  });
  beforeEach(async () => {
    gate.losesAnswer = () => false;
    gate.swallowsPut = () => false;
    Bucket = `written-${++buckets}`;
    await client.send(new CreateBucketCommand({ Bucket }));
  });

  async function write(
    changed: Partial<ExportWriterOptions & { blocks: AsyncIterable<Uint8Array> }> = {},
    encryption: "NO_ENCRYPTION" | "SSE_S3" | "SSE_KMS" = "NO_ENCRYPTION",
    answerLimitMs?: number,
  ): Promise<WrittenExport> {
    const kmsKeyArn = encryption === "SSE_KMS" ? "arn:aws:kms:us-east-1:000000000000:key/k" : undefined;
    return writeExport({
      folder: await createBucketTarget({ client, bucket: Bucket, encryption, kmsKeyArn, answerLimitMs }),
      prefix: "cars/",
      ledgerName: "vehicles",
      strandId: STRAND,
      format: "ion-text",
      maxObjectBytes: 1,
      blocks,
      ...changed,
    });
  }

  async function keys(): Promise<readonly (string | undefined)[]> {
    const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket }));
    return Contents.map(({ Key }) => Key);
  }

  it("has QLDB's names, and verifies where it is", async () => {
    const written = await write();
    expect(written.manifestPath).toBe(`s3://${Bucket}/cars/${written.exportId}.${STRAND}.completed.manifest`);
    expect(await keys()).toHaveLength(BLOCKS + 2);
    const found = await openExport([written.manifestPath], { s3Client: client });
    expect(await verifyExport(found, { digest })).toMatchObject({
      verdict: "passed",
      assurance: "anchored",
      blocks: BLOCKS,
    });
  });

  it.each([
    ["NO_ENCRYPTION", undefined],
    ["SSE_S3", "AES256"],
    ["SSE_KMS", "aws:kms"],
  ] as const)("is encrypted as %s says", async (encryption, expected) => {
    const written = await write({}, encryption);
    const object = await client.send(new HeadObjectCommand({ Bucket, Key: written.keys[0] }));
    if (expected !== undefined) expect(object.ServerSideEncryption).toBe(expected);
    expect(object.SSEKMSKeyId).toBe(
      encryption === "SSE_KMS" ? "arn:aws:kms:us-east-1:000000000000:key/k" : undefined,
    );
  });

  it("overwrites nothing, and leaves nothing behind when it finds something", async () => {
    const { keys: written } = await write();
    const before = await keys();
    await expect(write()).rejects.toMatchObject({
      code: "EXPORT_WRITE",
      message: expect.stringContaining(`s3://${Bucket}/${written[0] ?? ""}`),
    });
    expect(await keys()).toEqual(before);
  });

  it("is written in spite of an answer that is lost after the object was put", async () => {
    let puts = 0;
    gate.losesAnswer = () => puts++ === 1;
    await write();
    expect(puts).toBe(BLOCKS + 2 + 1);
    expect(await keys()).toHaveLength(BLOCKS + 2);
  });

  it("ends with an error that names the object where S3 does not answer, and leaves nothing behind", async () => {
    gate.swallowsPut = (path) => path.includes(`${STRAND}.4-4.`);
    await expect(write({}, "NO_ENCRYPTION", 500)).rejects.toMatchObject({
      code: "EXPORT_WRITE",
      retryable: true,
      message: expect.stringMatching(
        `^Expected to write s3://${Bucket}/cars/.*${STRAND}.4-4.ion, found no answer for 0.5\\d* s, after 5 tries: `,
      ),
    });
    expect(await keys()).toEqual([]);
  });

  it("leaves no manifest behind that S3 has put though it never said so", async () => {
    gate.losesAnswer = (path) => path.includes("completed.manifest");
    await expect(write()).rejects.toMatchObject({
      code: "EXPORT_WRITE",
      message: expect.stringContaining("completed.manifest, found a connection that"),
    });
    expect(await keys()).toEqual([]);
  });

  it("leaves nothing behind when its blocks end with an error, and has no manifest before", async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield* blocks.slice(0, 3);
      expect((await keys()).filter((key) => key?.includes("completed"))).toEqual([]);
      throw new Error("the ledger went away");
    }
    await expect(write({ blocks: broken() })).rejects.toThrow("went away");
    expect(await keys()).toEqual([]);
  });

  it("tells of a bucket that is missing", async () => {
    Bucket = "missing";
    await expect(write()).rejects.toMatchObject({ name: "NoSuchBucket" });
  });
});
