// SPDX-License-Identifier: MIT
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import {
  BaseRevisionWriter,
  createEvent,
  createLoader,
  DriverLedger,
  type Ledger,
  LedgerUnavailableError,
  StatementRefusedError,
  type Transaction,
} from "@ledger-loader/core";
import { startLedger, type TestLedger } from "@ledger-loader/testkit";
import { Decimal, dom } from "ion-js";
import { lookup } from "node:dns/promises";
import { createServer, request as httpRequest, type Server } from "node:http";
import { request as httpsRequest } from "node:https";
import type { AddressInfo } from "node:net";
import { showsOutage } from "./outage-evidence";
import { loadEvents } from "../../test/load-events";

let server: TestLedger;
beforeAll(async () => {
  server = await startLedger({ tables: { T: ["oldDocumentId"] } });
});
afterAll(() => server.close());

/** The failure of a request. */
function failureOf(send: typeof httpRequest, url: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    send(url, () => {
      reject(new Error("expected no answer"));
    })
      .on("error", resolve)
      .end();
  });
}

async function listen(answer: Server): Promise<{ port: number; close: () => unknown }> {
  await new Promise<void>((resolve) => answer.listen(0, "127.0.0.1", resolve));
  return { port: (answer.address() as AddressInfo).port, close: () => answer.close() };
}

async function freePort(): Promise<number> {
  const { port, close } = await listen(createServer());
  close();
  return port;
}

describe("showsOutage: failures of the way to the ledger", () => {
  it("is true for a refused connection", async () => {
    const port = await freePort();
    expect(showsOutage(await failureOf(httpRequest, `http://127.0.0.1:${port}`))).toBe(true);
    // A name with several addresses fails with one error for all of them.
    expect(showsOutage(await failureOf(httpRequest, `http://localhost:${port}`))).toBe(true);
  });

  it("is true for a name that cannot be resolved", async () => {
    const failure = await lookup("no-such-host.invalid").catch((error: unknown) => error);
    expect(showsOutage(failure)).toBe(true);
  });

  it("is true for a failing TLS handshake", async () => {
    const plain = await listen(createServer((_, response) => response.end()));
    expect(showsOutage(await failureOf(httpsRequest, `https://127.0.0.1:${plain.port}`))).toBe(true);
    plain.close();
  });

  it("is true for a connection that is cut, and for an answer that is not HTTP", async () => {
    const cut = await listen(createServer(({ socket }) => socket.destroy()));
    expect(showsOutage(await failureOf(httpRequest, `http://127.0.0.1:${cut.port}`))).toBe(true);
    cut.close();
    const foreign = await listen(createServer(({ socket }) => socket.end("SSH-2.0-OpenSSH\r\n")));
    expect(showsOutage(await failureOf(httpRequest, `http://127.0.0.1:${foreign.port}`))).toBe(true);
    foreign.close();
  });

  it.each([
    "CERT_HAS_EXPIRED",
    "DEPTH_ZERO_SELF_SIGNED_CERT",
    "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
    "ERR_TLS_CERT_ALTNAME_INVALID",
  ])("is true for the code %s", (code) => {
    expect(showsOutage(Object.assign(new Error("certificate"), { code }))).toBe(true);
  });
});

describe("showsOutage: answers", () => {
  const answer = (name: string, httpStatusCode: number): Error =>
    Object.assign(new Error("an answer"), { name, $metadata: { httpStatusCode } });

  it.each([
    ["InternalFailure", 500, true],
    ["ServiceUnavailable", 503, true],
    ["ThrottlingException", 429, true],
    ["CapacityExceededException", 400, true],
    ["InvalidSessionException", 400, true],
    ["BadRequestException", 400, false],
    ["ValidationException", 400, false],
    ["AccessDeniedException", 403, false],
  ])("%s with status %d: %s", (name, status, expected) => {
    expect(showsOutage(answer(name, status))).toBe(expected);
  });

  it("is true for an answer with status 200 that cannot be parsed", () => {
    const unreadable = Object.assign(new SyntaxError("Unexpected token <"), {
      $response: { statusCode: 200 },
    });
    expect(showsOutage(unreadable)).toBe(true);
  });
});

const nested = (depth: number): dom.Value => {
  let value: dom.Value = dom.Value.from(1);
  for (let i = 0; i < depth; i++) value = new dom.List([value]);
  return value;
};

describe("showsOutage: errors about a value", () => {
  const thrownBy = (work: () => unknown): unknown => {
    try {
      return work();
    } catch (error) {
      return error;
    }
  };

  it.each([
    ["a TypeError of Node.js, which has a code", () => Buffer.from(7 as unknown as string)],
    ["a RangeError of Node.js, which has a code", () => Buffer.alloc(4).writeUInt8(999)],
    ["a RangeError of the language", () => "x".repeat(-1)],
    ["a URIError", () => decodeURIComponent("%")],
    ["an error of ion-js", () => new Decimal("one")],
  ])("is false for %s", (_, work) => {
    expect(showsOutage(thrownBy(work))).toBe(false);
  });

  it("is false for an error with a code that proves nothing, and for what is no error", () => {
    expect(showsOutage(Object.assign(new Error("own"), { code: "OUT_OF_RANGE" }))).toBe(false);
    expect(showsOutage("thrown text")).toBe(false);
  });
});

/** Documents that cannot be made a request of. */
const UNSENDABLE: readonly [string, dom.Value][] = [
  ["half a character", dom.Value.from({ title: "1234\ud83d" })],
  ["half a character in a field name", new dom.Struct([["\ud83d", dom.Value.from(1)]])],
  ["half a character in a symbol", new dom.Struct([["s", new dom.Symbol("\udc00")]])],
  ["a document nested 600 deep", new dom.Struct([["d", nested(600)]])],
  ["a document nested 20,000 deep", new dom.Struct([["d", nested(20_000)]])],
];

describe("A transaction with a parameter that cannot be sent", () => {
  it.each(UNSENDABLE)("is refused, not an outage: %s", async (_, document) => {
    const insert = (transaction: Transaction): Promise<unknown> =>
      transaction.execute("INSERT INTO T ?", document);
    await expect(server.connect().transact(insert)).rejects.toThrow(StatementRefusedError);
  });

  it("says what is wrong, once", async () => {
    const attempt = server.connect().transact((each) => each.execute("INSERT INTO T ?", nested(600)));
    const { message } = (await attempt.catch((error: unknown) => error)) as Error;
    expect(message.match(/Expected/g)).toHaveLength(1);
    expect(message).toMatch(/deep/);
  });
});

/** Adds what an event asks for: the content that no delivery can carry, but a hook can make. */
class UnsendableWriter extends BaseRevisionWriter {
  override adjustRevision(data: dom.Struct): dom.Struct {
    const index = data.get("unsendable")?.numberValue();
    const [, added] = UNSENDABLE[index ?? -1] ?? [];
    return added === undefined ? data : new dom.Struct([...data.fields(), ["added", added]]);
  }
}

describe("A loader", () => {
  it.each(UNSENDABLE.map(([name], i) => [name, i] as const))(
    "rejects an event for good whose document holds %s, and writes the others",
    async (_, unsendable) => {
      const loader = createLoader({ ledger: server.connect(), writer: new UnsendableWriter() });
      const events = ["before", "bad", "after"].map((id, i) =>
        createEvent({
          op: "INSERT",
          table: "T",
          id: `${id} ${unsendable}`,
          version: 0,
          data: i === 1 ? { unsendable } : {},
        }),
      );
      expect(await loadEvents(loader, events)).toEqual(["written", "rejected ledger-refused", "written"]);
    },
  );
});

describe("An outage", () => {
  const unreachable = async (): Promise<readonly Ledger[]> => {
    const port = await freePort();
    return [
      `http://127.0.0.1:${port}`,
      server.endpoint.replace("http:", "https:"),
      "http://no-such-host.invalid",
    ].map(
      (endpoint) =>
        new DriverLedger({
          ledgerName: "test",
          endpoint,
          occRetries: 0,
          credentials: { accessKeyId: "x", secretAccessKey: "y" },
        }),
    );
  };

  it("is told from content: nothing listens, no TLS is spoken, no such host", async () => {
    for (const ledger of await unreachable()) {
      const attempt = ledger.transact((transaction) => transaction.execute("SELECT * FROM T"));
      await expect(attempt).rejects.toThrow(LedgerUnavailableError);
      await ledger.close();
    }
  });

  it("that begins within a transaction is an outage, whichever statement meets it", async () => {
    const own = await startLedger({ tables: { T: ["oldDocumentId"] } });
    const attempt = own.connect({ occRetries: 0 }).transact(async (transaction) => {
      await transaction.execute("SELECT * FROM T");
      await own.stop();
      return transaction.execute("SELECT * FROM T");
    });
    await expect(attempt).rejects.toThrow(LedgerUnavailableError);
    await own.close();
  });
});
