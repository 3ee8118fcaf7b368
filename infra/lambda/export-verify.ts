// SPDX-License-Identifier: MIT
import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { type JournalExport, openExport } from "@ledger-loader/export";
import { type Digest, parseDigest } from "@ledger-loader/journal";
import {
  type StepStore,
  type StepsVerdict,
  type VerifyStep,
  joinSteps,
  planSteps,
  verifyStep,
} from "@ledger-loader/move";

/** The input of an execution of the state machine. */
export interface VerifyInput {
  /** `s3://BUCKET/PREFIX` of manifests, or of folders with manifests in them. */
  readonly manifests: readonly string[];
  /** A digest that is trusted, as `aws qldb get-digest` printed it. */
  readonly digest?: unknown;
}

/** The name of the execution: everything that it writes lies below it. */
export interface VerifyExecution {
  readonly execution: string;
}

/** The result that the first function hands on. */
export interface VerifyPlan {
  readonly key: string;
  readonly steps: number;
}

/** Cuts the export into ranges. */
export async function plan({ manifests, execution }: VerifyInput & VerifyExecution): Promise<VerifyPlan> {
  const objectsPerStep = Number(setting("OBJECTS_PER_STEP"));
  return withClient(async (client) =>
    planSteps(await open(client, manifests), { prefix: execution, objectsPerStep, store: storeOf(client) }),
  );
}

/** Verifies one range. */
export async function part({ input, step }: { input: VerifyInput; step: VerifyStep }): Promise<string> {
  await withClient(async (client) => {
    const source = await open(client, input.manifests);
    await verifyStep(source, step, { digests: digestsOf(input), store: storeOf(client) });
  });
  return step.key;
}

/** Joins the ranges and writes the certificate. */
export async function join({ execution }: VerifyExecution): Promise<StepsVerdict> {
  const tool = { name: "ledger-loader", version: setting("TOOL_VERSION") };
  return withClient((client) => joinSteps(execution, { store: storeOf(client), tool }));
}

function digestsOf({ digest }: VerifyInput): Digest[] {
  return digest === undefined || digest === null ? [] : [parseDigest(JSON.stringify(digest))];
}

function setting(name: string): string {
  const value = process.env[name];
  if (value === undefined)
    throw new Error(`Expected the setting ${name}, found none: deploy the stack again.`);
  return value;
}

async function open(s3Client: S3Client, manifests: readonly string[]): Promise<JournalExport> {
  return openExport(manifests, { s3Client });
}

/** The bucket of the results. */
function storeOf(client: S3Client): StepStore {
  const Bucket = setting("RESULTS_BUCKET");
  return {
    async read(Key) {
      const { Body: body } = await client.send(new GetObjectCommand({ Bucket, Key }));
      if (body === undefined)
        throw new Error(`Expected ${Key} in ${Bucket}, found nothing: start a new execution.`);
      return body.transformToString("utf8");
    },
    async write(Key, text) {
      const ContentType = Key.endsWith(".html") ? "text/html; charset=utf-8" : "application/json";
      await client.send(new PutObjectCommand({ Bucket, Key, Body: text, ContentType }));
    },
  };
}

async function withClient<T>(work: (client: S3Client) => Promise<T>): Promise<T> {
  const forcePathStyle = process.env["AWS_ENDPOINT_URL_S3"] !== undefined;
  const client = new S3Client({ forcePathStyle, followRegionRedirects: true });
  try {
    return await work(client);
  } finally {
    client.destroy();
  }
}
