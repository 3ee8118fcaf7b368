// SPDX-License-Identifier: MIT
// Uses a ledger as an application on the official Node.js driver would: tables, every Ion type, history, pages, conflicts,
// expiry. It is told of the endpoint by AWS_ENDPOINT_URL_QLDB_SESSION alone.
//   tutorial.mjs LEDGER SAMPLES
// SAMPLES has a name, a tab and an Ion value on each line. One line is printed for each thing that was tried. After a line
// "pause ..." it goes on when it can read a line.
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { QldbDriver } from "amazon-qldb-driver-nodejs";
import { dumpText, load } from "ion-js";

const [ledger, samples] = process.argv.slice(2);
const driver = new QldbDriver(ledger);
const run = (statement, ...parameters) => runOn(driver, statement, ...parameters);
const say = (name, result) => console.log(`${name}: ${result}`);

await createTables();
await keepSamples(readFileSync(samples, "utf8").trimEnd().split("\n"));
await changeAndRemember();
await readPages();
await surviveConflict();
await beRefused();
await outliveTransaction();
await outliveServer();
driver.close();
process.stdin.destroy();

async function createTables() {
  for (const statement of ["CREATE TABLE Vehicle", "CREATE TABLE Sample", "CREATE INDEX ON Vehicle (vin)"]) {
    await run(statement);
  }
  say("tables", (await driver.getTableNames()).sort().join(" "));
}

async function keepSamples(lines) {
  for (const [name, text] of lines.map((line) => line.split("\t"))) {
    // A struct of values, as the driver's users pass it.
    const document = load(`{name: ${JSON.stringify(name)}, value: ${text}}`);
    await run("INSERT INTO Sample ?", document);
    const [row] = await run('SELECT s."value" FROM Sample AS s WHERE s.name = ?', name);
    const kept = dumpText(row.get("value"));
    say(`type ${name}`, kept === dumpText(document.get("value")) ? "equal" : kept);
  }
}

async function changeAndRemember() {
  const [inserted] = await run("INSERT INTO Vehicle ?", { vin: "1", owner: "Ann" });
  const documentId = inserted.get("documentId").stringValue();
  say("document id", documentId.length);
  say("updated", (await run("UPDATE Vehicle AS v SET v.owner = ? WHERE v.vin = ?", "Bob", "1")).length);
  const [row] = await run("SELECT v.metadata.version FROM _ql_committed_Vehicle AS v WHERE v.data.vin = '1'");
  say("version", row.get("version").numberValue());
  await run("DELETE FROM Vehicle WHERE vin = ?", "1");
  const history = await run(
    "SELECT h.data.owner FROM history(Vehicle) AS h WHERE h.metadata.id = ?",
    documentId,
  );
  say("history", history.map((revision) => revision.get("owner")?.stringValue() ?? "deleted").join(" "));
}

async function readPages() {
  for (let first = 0; first < 400; first += 40) {
    const documents = Array.from({ length: 40 }, (_, index) => ({ vin: `page-${first + index}` }));
    await run("INSERT INTO Vehicle ?", documents);
  }
  const result = await driver.executeLambda((transaction) =>
    transaction.execute("SELECT v.vin FROM Vehicle AS v"),
  );
  say("pages", new Set(result.getResultList().map((row) => dumpText(row))).size);
  say("read ios", result.getConsumedIOs().getReadIOs());
  say("timed", result.getTimingInformation() !== null);
}

async function surviveConflict() {
  await run("INSERT INTO Vehicle ?", { vin: "counter", count: 0 });
  const other = new QldbDriver(ledger);
  let attempts = 0;
  await driver.executeLambda(async (transaction) => {
    attempts++;
    const read = await transaction.execute("SELECT v.\"count\" FROM Vehicle AS v WHERE v.vin = 'counter'");
    if (attempts === 1)
      await runOn(other, "UPDATE Vehicle AS v SET v.\"count\" = 10 WHERE v.vin = 'counter'");
    const next = read.getResultList()[0].get("count").numberValue() + 1;
    await transaction.execute("UPDATE Vehicle AS v SET v.\"count\" = ? WHERE v.vin = 'counter'", next);
  });
  other.close();
  const [row] = await run("SELECT v.\"count\" FROM Vehicle AS v WHERE v.vin = 'counter'");
  say("conflict", `${attempts} attempts, count ${row.get("count").numberValue()}`);
}

async function beRefused() {
  await run("SELECT * FROM Nowhere").catch((error) => say("refused", error.name));
}

async function outliveTransaction() {
  const dawdle = driver.executeLambda(async (transaction) => {
    await transaction.execute("INSERT INTO Vehicle ?", { vin: "late" });
    await pause("until the transaction has expired");
  });
  await dawdle.catch((error) => say("expired", error.name));
  say("after expiry", (await run("SELECT * FROM Vehicle AS v WHERE v.vin = 'late'")).length);
}

async function outliveServer() {
  await pause("until the server was restarted");
  say("after restart", (await run("SELECT * FROM Vehicle AS v WHERE v.vin = 'counter'")).length);
}

async function runOn(someDriver, statement, ...parameters) {
  const result = await someDriver.executeLambda((transaction) =>
    transaction.execute(statement, ...parameters),
  );
  return result.getResultList();
}

async function pause(what) {
  console.log(`pause ${what}`);
  await once(process.stdin, "data");
}
