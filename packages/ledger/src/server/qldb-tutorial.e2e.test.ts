// SPDX-License-Identifier: MIT
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { KinesisClient } from "@aws-sdk/client-kinesis";
import { expect, it } from "@jest/globals";
import { openExport, verifyExport, type VerificationReport } from "@ledger-loader/export";
import { decodeIon } from "@ledger-loader/ion";
import { readKinesisStream, startKinesis, type KinesisEmulator } from "@ledger-loader/testkit";
import { openTestServer } from "../../test/open-test-server";
import { secureServer } from "../../test/secured-server";

/** The output of the program. */
const EXPECTED = [
  'ledger: ACTIVE protected=true {"purpose":"tutorial"}',
  "tables: DriversLicense Person Vehicle VehicleRegistration",
  "documents: 8",
  'found: {FirstName:"Omar",DOB:1967-07-03T}',
  'joined: {Make:"Audi",LicensePlateNumber:"PLATE-0"}',
  "transferred: from Omar 1",
  "secondary owners: 1",
  "deleted: 1 left 1",
  "history: DIAZO-002 LINDR-001 LINDR-001",
  "history of licenses: 3",
  "revision: hash=true digest=true altered=false",
  "block: hash=true digest=true transactionInfo=true",
  "export: COMPLETED listed=1",
  "redacted: version=0 of 4 dataHash=true",
  "redacted revision: hash=true digest=true altered=false",
  "redacted revision, new digest: hash=true digest=true altered=false",
  "export: COMPLETED listed=2",
  "stream: COMPLETED",
  "deletion: ResourcePreconditionNotMetException ResourceNotFoundException",
];

/** Two records that begin and end the stream, seven blocks, and eleven revisions: eight inserted, two changed, one deleted. */
const STREAMED = { CONTROL: 2, BLOCK_SUMMARY: 7, REVISION_DETAILS: 11 };

it("QLDB's tutorial runs with the official driver and SDK clients, by TLS and Signature Version 4, with nothing changed but endpoints", async () => {
  const [kinesis, secured, exportFolder] = [
    await startKinesis(),
    await secureServer(),
    await mkdtemp(path.join(tmpdir(), "tutorial-")),
  ];
  await kinesis.createStream("tutorial", 1);
  const test = await openTestServer({
    ...secured.options,
    exportFolder,
    kinesisClient: () => new KinesisClient(kinesis.clientConfig),
    allowedStreams: ["arn:aws:kinesis:us-east-1:000000000000:stream/*"],
  });
  try {
    const { endpoint } = test.server;
    expect(endpoint).toMatch(/^https:/);
    const { accessKeyId, secretAccessKey } = secured.credentials;
    const printed = await runTutorial(["moved", "journals", "tutorial"], {
      AWS_ENDPOINT_URL_QLDB: endpoint,
      AWS_ENDPOINT_URL_QLDB_SESSION: endpoint,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_REGION: "us-east-1",
      NODE_EXTRA_CA_CERTS: secured.certificateFile,
    });
    expect(printed).toEqual(EXPECTED);
    const verified = (prefix: string) => verifyFolder(path.join(exportFolder, "journals", prefix));
    expect(await verified("whole")).toMatchObject({ verdict: "passed", blocks: 6 });
    // What a redacted revision held cannot be recomputed, and nothing else is left unchecked.
    expect(await verified("redacted")).toMatchObject({
      verdict: "incomplete",
      blocks: 7,
      tally: { redacted: 1 },
      findings: [{ rule: "unchecked-content" }],
    });
    expect(await recordsIn(kinesis)).toEqual(STREAMED);
  } finally {
    await test.close();
    await kinesis.close();
    await secured.remove();
    await rm(exportFolder, { recursive: true });
  }
});

async function runTutorial(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<readonly string[]> {
  const program = path.join(__dirname, "../../test/drivers/qldb-tutorial.mjs");
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...args], {
    env: { PATH: process.env["PATH"], HOME: process.env["HOME"], ...env },
  });
  return stdout.trimEnd().split("\n");
}

async function verifyFolder(folder: string): Promise<VerificationReport> {
  return verifyExport(await openExport([folder]));
}

/** How many records of each type the stream has. */
async function recordsIn({ client }: KinesisEmulator): Promise<Readonly<Record<string, number>>> {
  const types = (await readKinesisStream(client, "tutorial")).flat().map(
    ({ Data }) =>
      decodeIon(Data ?? new Uint8Array())
        .get("recordType")
        ?.stringValue() ?? "none",
  );
  return Object.fromEntries(
    [...new Set(types)].map((type) => [type, types.filter((each) => each === type).length]),
  );
}
