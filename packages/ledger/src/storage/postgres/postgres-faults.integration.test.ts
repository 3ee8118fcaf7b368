// SPDX-License-Identifier: MIT
import { inspect } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import {
  describeWhen,
  postgresAvailability,
  startPostgres,
  type PostgresServer,
} from "@ledger-loader/testkit";
import { type CuttingProxy, startCuttingProxy } from "../../../test/cutting-proxy";
import { makeDatabase, runStatement } from "../../../test/open-test-database";
import { query } from "../../../test/open-test-store";
import type { EmbeddedLedger } from "../../embedded-ledger";
import { LedgerExistsError, LedgerNotFoundError, StoreAccessError, StoreFormatError } from "../../errors";
import { LedgerStore } from "../../ledger-store";
import { DatabaseAccessError, DatabaseEmptyError, DatabaseUnreachableError } from "./database-errors";
import { PostgresDirectory } from "./postgres-directory";

describeWhen(postgresAvailability(), describe)("A ledger in PostgreSQL", () => {
  let postgres: PostgresServer;
  let postgresUrl: string;
  beforeAll(async () => {
    postgres = await startPostgres();
    postgresUrl = await makeDatabase(postgres.url);
  });
  afterAll(() => postgres.close());

  const urlWith = (change: (url: URL) => void): string => {
    const url = new URL(postgresUrl);
    change(url);
    return url.href;
  };
  const openFails = async (url: string): Promise<Error> => {
    const error: unknown = await LedgerStore.open({ postgresUrl: url }).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    // Neither the message nor anything that a log may print with it names the password.
    expect(inspect(error, { depth: 10, showHidden: true })).not.toContain(postgres.password);
    return error as Error;
  };

  it("says why it cannot be opened, and never with the password", async () => {
    const wrong = await openFails(urlWith((url) => (url.password = "wrong-one")));
    expect(wrong).toBeInstanceOf(DatabaseAccessError);
    expect(wrong.message).toMatch(
      /database ledger@127.0.0.1:\d+\/test_\w+, found that its login is refused: /,
    );
    expect(inspect(wrong)).not.toContain("wrong-one");
    const unknown = await openFails(urlWith((url) => (url.pathname = "/nowhere")));
    expect([unknown.constructor, unknown.message]).toEqual([
      DatabaseAccessError,
      expect.stringContaining("no database of this name"),
    ]);
    const noPassword = await openFails(urlWith((url) => (url.password = "")));
    expect(noPassword).toBeInstanceOf(DatabaseAccessError);
    const unreachable = await openFails(urlWith((url) => (url.port = "1")));
    expect([unreachable.constructor, unreachable.message]).toEqual([
      DatabaseUnreachableError,
      expect.stringContaining("found no connection (ECONNREFUSED): check that the database server runs"),
    ]);
    const noHost = await openFails(urlWith((url) => (url.hostname = "no-such-host.invalid")));
    expect(noHost).toBeInstanceOf(DatabaseUnreachableError);
  });

  it("says which right is missing, and that a database is read-only", async () => {
    const url = await makeDatabase(postgres.url);
    await runStatement(url, "CREATE ROLE guest LOGIN PASSWORD 'guest-word'");
    const guest = new URL(url);
    guest.username = "guest";
    guest.password = "guest-word";
    const refused = await openFails(guest.href);
    expect([refused.constructor, refused.message]).toEqual([
      DatabaseAccessError,
      expect.stringContaining("GRANT CREATE ON DATABASE"),
    ]);
    const store = await LedgerStore.open({ postgresUrl: url });
    const ledger = await store.createLedger("cars");
    await query(ledger, "CREATE TABLE T");
    await runStatement(
      url,
      `ALTER DATABASE ${new URL(url).pathname.slice(1)} SET default_transaction_read_only = on`,
    );
    await store.close();
    // The commit itself asks to write; what the control plane writes does not.
    const second = await LedgerStore.open({ postgresUrl: url });
    const again = await second.open("cars");
    await query(again, "INSERT INTO T << {'a': 1} >>");
    await expect(again.update({ deletionProtection: false })).rejects.toBeInstanceOf(StoreAccessError);
    await second.close();
  });

  it("is made nowhere by who only reads: a database whose name was mistyped stays empty", async () => {
    const url = await makeDatabase(postgres.url);
    const schemas = (): Promise<unknown[]> =>
      runStatement(url, "SELECT 1 FROM pg_namespace WHERE nspname ~ '^ledger_loader'");
    await expect(LedgerStore.open({ postgresUrl: url, readOnly: true })).rejects.toEqual(
      new DatabaseEmptyError(`the PostgreSQL database ledger@${new URL(url).host}${new URL(url).pathname}`),
    );
    expect(await schemas()).toEqual([]);
    const store = await LedgerStore.open({ postgresUrl: url });
    await store.createLedger("cars");
    const reader = await LedgerStore.open({ postgresUrl: url, readOnly: true });
    expect(await reader.listLedgers()).toEqual(["cars"]);
    await expect(reader.open("card")).rejects.toBeInstanceOf(LedgerNotFoundError);
    await runStatement(url, "UPDATE ledger_loader.meta SET value = '99' WHERE name = 'format'");
    await expect(LedgerStore.open({ postgresUrl: url, readOnly: true })).rejects.toBeInstanceOf(
      StoreFormatError,
    );
    await Promise.all([store.close(), reader.close()]);
  });

  it("is refused when a newer version has written it", async () => {
    const url = await makeDatabase(postgres.url);
    await (await LedgerStore.open({ postgresUrl: url })).close();
    await runStatement(url, "UPDATE ledger_loader.meta SET value = '99' WHERE name = 'format'");
    await expect(LedgerStore.open({ postgresUrl: url })).rejects.toBeInstanceOf(StoreFormatError);
  });

  it("is made once by stores that open an empty database at the same time, and a name is given once", async () => {
    const url = await makeDatabase(postgres.url);
    const stores = await Promise.all([1, 2, 3].map(() => LedgerStore.open({ postgresUrl: url })));
    const made = await Promise.allSettled(stores.map((store) => store.createLedger("cars")));
    const refused = made.filter((result) => result.status === "rejected");
    expect(refused.map(({ reason }) => (reason as Error).constructor)).toEqual([
      LedgerExistsError,
      LedgerExistsError,
    ]);
    expect(await stores[0]?.listLedgers()).toEqual(["cars"]);
    const schemas = await runStatement(url, "SELECT 1 FROM pg_namespace WHERE nspname ~ '^ledger_loader_'");
    expect(schemas.length).toBe(1);
    await Promise.all(stores.map((store) => store.close()));
  });

  it("gives a name once where several makers are done with their ledgers at the same moment", async () => {
    const url = await makeDatabase(postgres.url);
    const directories = await Promise.all([1, 2, 3, 4].map(() => PostgresDirectory.open(url)));
    const names = ["cars", "people", "parts", "roads", "keys"];
    for (const name of names) {
      const makers = startTogether(directories.length);
      const made = await Promise.allSettled(directories.map((directory) => directory.create(name, makers)));
      const refused = made.filter((result) => result.status === "rejected");
      expect(refused.map(({ reason }) => reason as Error)).toEqual(
        Array.from({ length: 3 }, () => new LedgerExistsError(name)),
      );
    }
    expect(await directories[0]?.list()).toEqual([...names].sort());
    const schemas = await runStatement(url, "SELECT 1 FROM pg_namespace WHERE nspname ~ '^ledger_loader_'");
    expect(schemas.length).toBe(names.length);
    await Promise.all(directories.map((directory) => directory.close()));
  });

  it("is gone for every store once one deletes it, and a new one of its name is another ledger", async () => {
    const url = await makeDatabase(postgres.url);
    const [first, second] = await Promise.all([1, 2].map(() => LedgerStore.open({ postgresUrl: url })));
    const ledger = await first!.createLedger("cars", { deletionProtection: true });
    await query(ledger, "CREATE TABLE T");
    const seen = await second!.open("cars");
    await seen.update({ deletionProtection: false });
    await first!.deleteLedger("cars");
    await expect(second!.open("cars")).rejects.toBeInstanceOf(LedgerNotFoundError);
    expect(seen.isClosed).toBe(true);
    await first!.createLedger("cars");
    expect(await (await second!.open("cars")).readHead()).toBeUndefined();
    await Promise.all([first!.close(), second!.close()]);
  });

  it("removes what a crash has left of a ledger that was being made, and leaves alone one that still is", async () => {
    const url = await makeDatabase(postgres.url);
    const store = await LedgerStore.open({ postgresUrl: url });
    await runStatement(
      url,
      "INSERT INTO ledger_loader.ledgers (name) VALUES ('half'), ('half'); CREATE SCHEMA ledger_loader_1; " +
        "CREATE SCHEMA ledger_loader_2",
    );
    const maker = holdCreation(url, 2);
    await maker.ready;
    await (await LedgerStore.open({ postgresUrl: url })).close();
    const left = await runStatement(url, "SELECT ledger_no FROM ledger_loader.ledgers");
    const schemas = await runStatement(
      url,
      "SELECT nspname FROM pg_namespace WHERE nspname ~ '^ledger_loader_'",
    );
    expect([left, schemas]).toEqual([[{ ledger_no: 2 }], [{ nspname: "ledger_loader_2" }]]);
    await maker.end();
    await store.close();
  });

  describe("whose connection breaks during a commit", () => {
    let proxy: CuttingProxy;
    let store: LedgerStore;
    let ledger: EmbeddedLedger;
    beforeAll(async () => {
      proxy = await startCuttingProxy(await makeDatabase(postgres.url));
      store = await LedgerStore.open({ postgresUrl: proxy.url });
      ledger = await store.createLedger("cars");
      await query(ledger, "CREATE TABLE T");
    });
    afterAll(async () => {
      await store.close();
      await proxy.close();
    });

    it("acknowledges a commit that has happened", async () => {
      proxy.cutNext("after-commit");
      await query(ledger, "INSERT INTO T << {'a': 1} >>");
      expect(await query(ledger, "SELECT VALUE t.a FROM T AS t WHERE t.a = 1")).toEqual(["1"]);
    });

    it("says that a commit has failed that has not happened, and goes on", async () => {
      proxy.cutNext("before-commit");
      await expect(query(ledger, "INSERT INTO T << {'a': 2} >>")).rejects.toBeInstanceOf(
        DatabaseUnreachableError,
      );
      expect(await query(ledger, "SELECT VALUE t.a FROM T AS t WHERE t.a = 2")).toEqual([]);
      await query(ledger, "INSERT INTO T << {'a': 3} >>");
      const { verdict, findings } = await ledger.verify();
      expect({ verdict, findings }).toEqual({ verdict: "passed", findings: [] });
    });
  });
});

/** Holds the lock of a ledger that is being made, as its maker does. */
function holdCreation(
  url: string,
  ledgerNo: number,
): { ready: Promise<unknown>; end: () => Promise<unknown> } {
  const isHeld = `SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = ${ledgerNo} AND granted`;
  const held = runStatement(url, `SELECT pg_advisory_lock(730531, ${ledgerNo}), pg_sleep(60)`).catch(
    () => undefined,
  );
  const ready = (async () => {
    while ((await runStatement(url, isHeld)).length === 0);
  })();
  const stop =
    "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE query ~ 'pg_sleep' AND pid <> pg_backend_pid()";
  return {
    ready,
    end: async () => {
      await runStatement(url, stop);
      await held;
    },
  };
}

/** Lets nobody go on before so many have come. */
function startTogether(count: number): () => Promise<void> {
  let missing = count;
  let open: () => void = () => undefined;
  const all = new Promise<void>((resolve) => (open = resolve));
  return () => {
    missing -= 1;
    if (missing === 0) open();
    return all;
  };
}
