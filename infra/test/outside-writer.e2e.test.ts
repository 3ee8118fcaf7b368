// SPDX-License-Identifier: MIT
import { existsSync, readFileSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type EventFields, createEvent, encodeEvent } from "@ledger-loader/core";
import { createApp, loadConfigFile } from "@ledger-loader/infra";
import {
  describeWhen,
  peerAvailability,
  readHistories,
  receiveAll,
  startLedger,
  startSqs,
  type LambdaFunctionOptions,
  type SqsEmulator,
  type TestLedger,
} from "@ledger-loader/testkit";
import { commandsOf, FETCHED_CDK, GUIDE, OutsideFolder, SYNTHESIS_MS_MAX } from "./outside-folder";

type RuntimeClient = NonNullable<LambdaFunctionOptions["runtimeClient"]>;

const PRODUCTS = "LedgerLoader-products";
const FLEET = "LedgerLoader-fleet";

let outside: OutsideFolder;
beforeAll(async () => {
  outside = await OutsideFolder.make();
  const [, synth = ""] = commandsOf("Deploy it");
  await outside.run(synth);
}, SYNTHESIS_MS_MAX);
afterAll(() => outside.remove());

describe("The section of docs/guides/writer.md on deployment:", () => {
  it("its commands make the function's code and the template, with the version of cdk that it names", () => {
    const file = readFileSync(path.join(__dirname, "..", "package.json"), "utf8");
    const { dependencies } = JSON.parse(file) as {
      readonly dependencies: Readonly<Record<string, string>>;
    };
    expect(FETCHED_CDK.exec(GUIDE)?.[0]).toBe(`aws-cdk@${dependencies["aws-cdk"] ?? ""}`);
    expect(existsSync(outside.assembled(PRODUCTS).codeFolder)).toBe(true);
  });

  it("its configurations and its mapper have the types that they need", async () => {
    const options = {
      extends: "./tsconfig.json",
      include: ["*.ts", "src"],
      compilerOptions: { rootDir: ".", noEmit: true },
    };
    await writeFile(path.join(outside.path, "tsconfig.all.json"), JSON.stringify(options));
    await outside.run("../ledger-loader/node_modules/.bin/tsc -p tsconfig.all.json");
  });

  it.each([
    ["a misspelt export", "loader", `export: "PriceWriter"`, `export: "PriceWirter"`],
    ["a package that is not installed", "loader", "price-writer.ts", "big-writer.ts"],
    ["a wrong file", "loader", "price-writer.ts", "prices.ts"],
    [
      "a class that is no writer",
      "loader",
      `price-writer.ts", export: "PriceWriter"`,
      `no-writer.ts", export: "NoWriter"`,
    ],
    [
      "a class that is no mapper",
      "dms",
      'fleet-mapper.ts", export: "FleetMapper',
      'no-writer.ts", export: "NoWriter',
    ],
  ])("%s ends the synthesis, in the words that it quotes", async (_, name, correct, wrong) => {
    await writeFile(path.join(outside.path, "src", "no-writer.ts"), "export class NoWriter {}\n");
    await writeFile(path.join(outside.path, "src", "big-writer.ts"), 'export * from "big-numbers";\n');
    const config = path.join(outside.path, "wrong.config.ts");
    const text = await readFile(path.join(outside.path, `${name}.config.ts`), "utf8");
    await writeFile(config, text.replace(correct, wrong));
    const message = messageOf(() => loadConfigFile(config)).replaceAll(outside.parent, "/home/me");
    expect(QUOTED).toContain(message.replace(/\s+/g, " "));
  });
});

describe("Code from outside the repository, in the function of its synthesized stack:", () => {
  let ledger: TestLedger;
  let sqs: SqsEmulator;
  let secrets: Server;
  const secretsRead: string[] = [];
  beforeAll(async () => {
    const tables = { Product: ["oldDocumentId"], Vehicle: ["oldDocumentId"] };
    ledger = await startLedger({ name: "products", tables });
    sqs = await startSqs();
    secrets = createServer((request, response) => {
      request.on("data", (chunk: Buffer) => secretsRead.push(chunk.toString()));
      response.setHeader("content-type", "application/x-amz-json-1.1");
      const keys = { accessKeyId: "ledger-key", secretAccessKey: "ledger-secret" };
      response.end(JSON.stringify({ SecretString: JSON.stringify(keys) }));
    });
    await new Promise<void>((listening) => secrets.listen(0, "127.0.0.1", listening));
    await outside.run("npx cdk synth --quiet --output fleet.out", { LOADER_CONFIG: "dms.config.ts" });
  }, SYNTHESIS_MS_MAX);
  afterAll(async () => {
    secrets.close();
    await sqs.close();
    await ledger.close();
  });

  describe("in our own runtime client", () => {
    itRuns("own");
  });
  describeWhen(peerAvailability("aws-lambda-ric"), describe)("in AWS's runtime interface client", () => {
    itRuns("aws-lambda-ric");
  });

  function itRuns(runtimeClient: RuntimeClient): void {
    it("a writer shapes what is written, and what it refuses is parked", async () => {
      const id = `lamp-${runtimeClient}`;
      const { deadLetters, answer } = await invoke(
        runtimeClient,
        PRODUCTS,
        "cdk.out",
        aQueueBatch(
          { op: "INSERT", table: "Product", id, version: 0, data: { price: 20 } },
          { op: "UPDATE", table: "Product", id, version: 1, data: { price: 25 } },
          { op: "UPDATE", table: "Product", id, version: 2, data: { price: 0 } },
        ),
      );
      expect(answer).toEqual({ status: "ok", payload: { batchItemFailures: [] } });
      const histories = await readHistories(ledger.connect(), "Product");
      expect(histories.get(JSON.stringify(id))).toEqual(["{price:20}", "{price:25,priceBefore:20}"]);
      // The ledger's own keys, and not the role's, sign the function's requests.
      expect(secretsRead.join()).toContain("secret:products-loader-AbCdEf");
      const [letter] = await receiveAll(sqs.client, deadLetters);
      expect(letter?.Body).toContain("refused-by-writer");
    });

    it("a mapper of DMS's rows names their record and shapes their document", async () => {
      const number = runtimeClient.length;
      const { answer } = await invoke(runtimeClient, FLEET, "fleet.out", aStreamBatch("es", number));
      expect(answer).toEqual({ status: "ok", payload: { batchItemFailures: [] } });
      const histories = await readHistories(ledger.connect(), "Vehicle");
      expect(histories.get(`"es-${number}"`)).toEqual([`{number:${number},country:"es"}`]);
    });
  }

  async function invoke(
    runtimeClient: RuntimeClient,
    stackName: string,
    outdir: string,
    event: object,
  ): Promise<{ readonly answer: unknown; readonly deadLetters: string }> {
    const queue = await sqs.createQueue({ name: `${stackName}-${runtimeClient}`, fifo: false });
    const lambda = await outside.start(stackName, outdir, runtimeClient, {
      AWS_ENDPOINT_URL_SQS: sqs.endpoint,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: `http://127.0.0.1:${(secrets.address() as AddressInfo).port}`,
      LEDGER_ENDPOINT: ledger.endpoint,
      LEDGER_NAME: ledger.name,
      DEAD_LETTERS: `sqs:${queue.url}`,
    });
    try {
      return { answer: await lambda.invoke(event), deadLetters: queue.url };
    } finally {
      await lambda.close();
    }
  }
});

it(
  "ion-js and core are the loader's own, although other copies are installed beside the writer",
  async () => {
    for (const name of ["ion-js", "@ledger-loader/core"]) {
      const copy = path.join(outside.path, "node_modules", name);
      await rm(copy, { recursive: true, force: true });
      await mkdir(copy);
      await writeFile(path.join(copy, "index.js"), 'throw new Error("a second copy");');
    }
    const writer = await readFile(path.join(outside.path, "src", "price-writer.ts"), "utf8");
    const source = `import { dom } from "ion-js";\n${writer.replace("  dom,\n", "")}`;
    await writeFile(path.join(outside.path, "src", "ion-writer.ts"), source);
    const config = path.join(outside.path, "ion.config.ts");
    const text = await readFile(path.join(outside.path, "loader.config.ts"), "utf8");
    await writeFile(config, text.replace("price-writer.ts", "ion-writer.ts"));
    createApp(loadConfigFile(config), { outdir: path.join(outside.path, "ion.out") }).synth();
    const { codeFolder } = outside.assembled(PRODUCTS, "ion.out");
    const code = readFileSync(path.join(codeFolder, "index.js"), "utf8");
    expect(code).toContain("priceBefore");
    expect(code).not.toContain("a second copy");
  },
  SYNTHESIS_MS_MAX,
);

function aQueueBatch(...events: readonly EventFields[]): object {
  return {
    Records: events.map((event, i) => ({
      messageId: String(i),
      body: encodeEvent(createEvent(event)),
      attributes: { SentTimestamp: "1700000000000", MessageGroupId: "lamp" },
      eventSourceARN: "arn:aws:sqs:eu-west-1:123456789012:products.fifo",
    })),
  };
}

/** What DMS writes when it loads a row. */
function aStreamBatch(schema: string, number: number): object {
  const metadata = {
    "record-type": "data",
    operation: "load",
    "schema-name": schema,
    "table-name": "vehicle",
  };
  return {
    Records: [
      {
        eventID: "shardId-000000000000:1",
        kinesis: {
          sequenceNumber: "1",
          data: Buffer.from(JSON.stringify({ data: { number }, metadata })).toString("base64"),
          approximateArrivalTimestamp: 1_722_214_697,
          partitionKey: `${schema}.vehicle`,
        },
      },
    ],
  };
}

const QUOTED = [...GUIDE.matchAll(/```text\n([\s\S]*?)```/g)].map(([, text = ""]) =>
  text.trim().replace(/\s+/g, " "),
);

function messageOf(work: () => unknown): string {
  try {
    return String(work());
  } catch (error) {
    return (error as Error).message;
  }
}
