// SPDX-License-Identifier: MIT
// What the guide quotes is what its reader will see.
import { readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import {
  BaseRevisionWriter,
  type Refusal,
  type RevisionEvent,
  type RevisionWriter,
  TableMapperRevisionWriter,
  type WriteResult,
  createEvent,
  createLoader,
  dom,
  loadWriter,
  makeWriter,
  parseIdentifier,
} from "@ledger-loader/core";
import { startLedger, type TestLedger } from "@ledger-loader/testkit";

/** The guide's text blocks, each as one line. */
const QUOTED = [
  ...readFileSync(path.join(__dirname, "..", "..", "guides", "writer.md"), "utf8").matchAll(
    /```text\n([\s\S]*?)```/g,
  ),
].map(([, text = ""]) => text.trim().replace(/\s+/g, " "));

let ledger: TestLedger;
beforeAll(async () => {
  ledger = await startLedger({ tables: { Product: ["oldDocumentId"] } });
});
afterAll(() => ledger.close());

class Throwing extends BaseRevisionWriter {
  protected override preValidate(event: RevisionEvent): Refusal | undefined {
    // An int has no decimal value.
    const price = event.data?.get("price")?.decimalValue()?.numberValue() ?? 0;
    return price > 0 ? undefined : { detail: "Expected a price." };
  }
}

class Changing extends BaseRevisionWriter {
  protected override adjustRevision(data: dom.Struct): dom.Struct {
    data.deleteField("cachedAt");
    return data;
  }
}

class Returning extends BaseRevisionWriter {
  readonly #returned: unknown;

  constructor(returned: unknown) {
    super();
    this.#returned = returned;
  }

  protected override adjustRevision(): dom.Struct {
    return this.#returned as dom.Struct;
  }
}

class Stamping extends BaseRevisionWriter {
  #calls = 0;

  protected override adjustRevision(data: dom.Struct): dom.Struct {
    return new dom.Struct([...data.fields(), ["stamp", dom.Value.from(++this.#calls)]]);
  }
}

class Elsewhere extends BaseRevisionWriter {
  protected override async writeDocument(): Promise<void> {
    await Promise.resolve();
  }
}

class Demanding extends BaseRevisionWriter {
  readonly execute: unknown;

  constructor(config: { readonly driver: { readonly execute: unknown } }) {
    super();
    this.execute = config.driver.execute;
  }
}

class Overriding extends BaseRevisionWriter {
  override write(): Promise<readonly WriteResult[]> {
    return Promise.resolve([]);
  }
}

describe("What a writer's author gets wrong is told as docs/guides/writer.md quotes it:", () => {
  it.each([
    ["a hook that throws", new Throwing()],
    ["a hook that changes the event", new Changing()],
    ["an adjustRevision that returns nothing", new Returning(undefined)],
    ["an adjustRevision with another copy of ion-js", new Returning({ getType: () => ({ name: "struct" }) })],
    ["a field without an index", new TableMapperRevisionWriter({ Product: "sku" })],
    ["a writeDocument that writes elsewhere", new Elsewhere()],
  ])("%s", async (_, writer) => {
    expect(QUOTED).toContain(await rejectionOf(writer));
  });

  it("an adjustRevision that depends on more than its arguments", async () => {
    const writer = new Stamping();
    expect(await rejectionOf(writer)).toBe("written");
    expect(QUOTED).toContain(await rejectionOf(writer));
  });

  it("a writer that overrides write", () => {
    const create = (): unknown => createLoader({ ledger: ledger.connect(), writer: new Overriding() });
    expect(QUOTED).toContain(messageOf(create));
  });

  it("a path without ./", async () => {
    const loading = loadWriter({
      revisionWriter: "dist/price-writer.js#PriceWriter",
      idField: "oldDocumentId",
      tableIdFields: {},
    });
    const message = await loading.then(String, (error: unknown) => (error as Error).message);
    // Outside of Jest, Node.js does not say where it looked from.
    expect(QUOTED).toContain(message.replace(" from 'package.json'", ""));
  });

  it.each([
    ["a misspelt export", "./dist/price-writer.js#PriceWirter", undefined],
    ["a constructor that wants a driver", "./dist/price-writer.js#PriceWriter", Demanding],
  ])("%s", (_, revisionWriter, exported) => {
    expect(QUOTED).toContain(messageOf(() => makeWriter({ revisionWriter }, exported)));
  });
});

async function rejectionOf(writer: RevisionWriter): Promise<string> {
  const event = createEvent({
    op: "INSERT",
    table: parseIdentifier("Product"),
    id: "lamp",
    version: 0,
    data: { price: 20, cachedAt: 7 },
  });
  const loader = createLoader({ ledger: ledger.connect(), writer });
  const delivery = { deliveryId: "1", decode: () => ({ events: [{ event }], atomic: false }) };
  const report = await loader.load([delivery], { onFailure: "continue" });
  const outcome = report.deliveries[0]?.events[0]?.outcome;
  if (outcome?.status !== "rejected") return String(outcome?.status);
  // Where these classes are is not where the reader's are.
  return `${outcome.reason}: ${outcome.detail}`.replace(/\([\w.-]+:\d+\)/, "(price-writer.js:12)");
}

function messageOf(work: () => unknown): string {
  try {
    return String(work());
  } catch (error) {
    return (error as Error).message;
  }
}
