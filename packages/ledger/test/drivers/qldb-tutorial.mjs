// SPDX-License-Identifier: MIT
// Goes the way of QLDB's tutorial for vehicle registrations with the official driver and SDK clients: a ledger, tables, indexes,
// sample data, joins, changes, history, digest, verification, redaction, export, stream, the end of the ledger. Endpoints
// and keys come from the variables of the SDK alone, as an application's do after its move.
//   qldb-tutorial.mjs LEDGER BUCKET KINESIS-STREAM
// One line is printed for each thing that was tried.
import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { setTimeout as pause } from "node:timers/promises";
import { QLDB } from "@aws-sdk/client-qldb";
import { QldbDriver } from "amazon-qldb-driver-nodejs";
import { dumpText, load } from "ion-js";

// The library with which applications verify in Node.js; the driver brings it.
const { cryptoHasherProvider, makeHashReader } = createRequire(
  createRequire(import.meta.url).resolve("amazon-qldb-driver-nodejs"),
)("ion-hash-js");
const { makeReader } = createRequire(import.meta.url)("ion-js");

const [Name, Bucket, kinesisName] = process.argv.slice(2);
const RoleArn = "arn:aws:iam::000000000000:role/tutorial";
const control = new QLDB({});
const say = (name, ...results) => console.log(`${name}: ${results.join(" ")}`);

await createLedger();
const driver = new QldbDriver(Name);
const began = new Date();
await createTables();
const people = await insertSampleData();
await readAndJoin();
await transferOwnership();
await deleteLicense();
await readHistory();
const digest = await control.getDigest({ Name });
const revision = await findRevision("VehicleRegistration", "VIN", "KM8SRDHF6EU074761");
await verifyRevision("revision", revision, digest);
await verifyBlock(revision.get("blockAddress"), digest);
await exportJournal("whole/");
await redact();
await exportJournal("redacted/");
await streamJournal();
driver.close();
await deleteLedger();

/** Runs one statement in a transaction and returns its rows. */
async function run(statement, ...parameters) {
  const result = await driver.executeLambda((txn) => txn.execute(statement, ...parameters));
  return result.getResultList();
}

async function createLedger() {
  await control.createLedger({ Name, PermissionsMode: "ALLOW_ALL", Tags: { purpose: "tutorial" } });
  const { State, DeletionProtection, Arn } = await until(
    () => control.describeLedger({ Name }),
    ({ State }) => State === "ACTIVE",
  );
  const { Tags } = await control.listTagsForResource({ ResourceArn: Arn });
  say("ledger", State, `protected=${DeletionProtection}`, JSON.stringify(Tags));
}

async function createTables() {
  const tables = ["Person", "Vehicle", "VehicleRegistration", "DriversLicense"];
  await driver.executeLambda(async (txn) => {
    for (const table of tables) await txn.execute(`CREATE TABLE ${table}`);
  });
  const indexes = [
    ["Person", "GovId"],
    ["Vehicle", "VIN"],
    ["VehicleRegistration", "VIN"],
    ["VehicleRegistration", "LicensePlateNumber"],
    ["DriversLicense", "PersonId"],
    ["DriversLicense", "LicenseNumber"],
  ];
  await driver.executeLambda(async (txn) => {
    for (const [table, field] of indexes) await txn.execute(`CREATE INDEX ON ${table} (${field})`);
  });
  say("tables", (await driver.getTableNames()).sort().join(" "));
}

/** Returns the document ids of people by their GovId. */
async function insertSampleData() {
  const persons = [
    { FirstName: "Rosa", LastName: "Lind", GovId: "LINDR-001", DOB: load("1963-08-19T") },
    { FirstName: "Omar", LastName: "Diaz", GovId: "DIAZO-002", DOB: load("1967-07-03T") },
  ];
  const vehicles = [
    { VIN: "1N4AL11D75C109151", Make: "Audi", Model: "A5", Year: 2011, Color: "Silver" },
    { VIN: "KM8SRDHF6EU074761", Make: "Tesla", Model: "Model S", Year: 2015, Color: "Blue" },
  ];
  return driver.executeLambda(async (txn) => {
    const inserted = (await txn.execute("INSERT INTO Person ?", persons)).getResultList();
    const ids = inserted.map((row) => row.get("documentId").stringValue());
    await txn.execute("INSERT INTO Vehicle ?", vehicles);
    const registrations = vehicles.map(({ VIN }, at) => ({
      VIN,
      LicensePlateNumber: `PLATE-${at}`,
      PendingPenaltyTicketAmount: load("90.25"),
      Owners: { PrimaryOwner: { PersonId: ids[at] }, SecondaryOwners: [] },
    }));
    await txn.execute("INSERT INTO VehicleRegistration ?", registrations);
    const licenses = persons.map(({ GovId }, at) => ({
      PersonId: ids[at],
      LicenseNumber: `L-${GovId}`,
      ValidFromDate: load("2016-12-20T"),
    }));
    const rows = (await txn.execute("INSERT INTO DriversLicense ?", licenses)).getResultList();
    say("documents", ids.length + vehicles.length + registrations.length + rows.length);
    return new Map(persons.map(({ GovId }, at) => [GovId, ids[at]]));
  });
}

async function readAndJoin() {
  const [person] = await run("SELECT p.FirstName, p.DOB FROM Person AS p WHERE p.GovId = ?", "DIAZO-002");
  say("found", dumpText(person));
  const owned = await run(
    "SELECT v.Make, r.LicensePlateNumber FROM Vehicle AS v INNER JOIN VehicleRegistration AS r ON v.VIN = r.VIN " +
      "WHERE r.Owners.PrimaryOwner.PersonId = ?",
    people.get("LINDR-001"),
  );
  say("joined", owned.map((row) => dumpText(row)).join(" "));
}

async function transferOwnership() {
  const [VIN, owner] = ["KM8SRDHF6EU074761", people.get("LINDR-001")];
  await driver.executeLambda(async (txn) => {
    const [current] = (
      await txn.execute(
        "SELECT p.FirstName FROM Person AS p BY pid, VehicleRegistration AS r WHERE r.VIN = ? AND pid = r.Owners.PrimaryOwner.PersonId",
        VIN,
      )
    ).getResultList();
    const changed = await txn.execute(
      "UPDATE VehicleRegistration AS r SET r.Owners.PrimaryOwner.PersonId = ? WHERE r.VIN = ?",
      owner,
      VIN,
    );
    say("transferred", `from ${current.get("FirstName").stringValue()}`, changed.getResultList().length);
  });
  await run(
    "FROM VehicleRegistration AS r WHERE r.VIN = ? INSERT INTO r.Owners.SecondaryOwners VALUE ?",
    VIN,
    { PersonId: people.get("DIAZO-002") },
  );
  const [{ length }] = await run(
    "SELECT VALUE r.Owners.SecondaryOwners FROM VehicleRegistration AS r WHERE r.VIN = ?",
    VIN,
  );
  say("secondary owners", length);
}

async function deleteLicense() {
  const deleted = await run("DELETE FROM DriversLicense AS d WHERE d.LicenseNumber = ?", "L-DIAZO-002");
  const left = await run("SELECT VALUE d.LicenseNumber FROM DriversLicense AS d");
  say("deleted", deleted.length, "left", left.length);
}

async function readHistory() {
  const registration = await findRevision("VehicleRegistration", "VIN", "KM8SRDHF6EU074761");
  const rows = await run(
    `SELECT h.metadata.version, h.data.Owners.PrimaryOwner.PersonId AS owner FROM history(VehicleRegistration, \`${began.toISOString()}\`) AS h WHERE h.metadata.id = ?`,
    registration.get("metadata").get("id"),
  );
  const owners = new Map([...people].map(([GovId, id]) => [id, GovId]));
  say("history", rows.map((row) => owners.get(row.get("owner").stringValue())).join(" "));
  const licenses = await run("SELECT VALUE h.data FROM history(DriversLicense) AS h");
  say("history of licenses", licenses.length);
}

async function findRevision(table, field, value) {
  const [row] = await run(`SELECT * FROM _ql_committed_${table} AS t WHERE t.data.${field} = ?`, value);
  return row;
}

async function verifyRevision(what, row, { Digest, DigestTipAddress }) {
  const { Revision, Proof } = await control.getRevision({
    Name,
    BlockAddress: { IonText: dumpText(row.get("blockAddress")) },
    DocumentId: row.get("metadata").get("id").stringValue(),
    DigestTipAddress,
  });
  const found = load(Revision.IonText);
  const content =
    found.get("data") === null ? found.get("dataHash").uInt8ArrayValue() : ionHash(found.get("data"));
  const hash = dot(content, ionHash(found.get("metadata")));
  const proof = proofOf(Proof);
  const altered = Uint8Array.from(hash, (byte, at) => (at === 0 ? byte ^ 1 : byte));
  say(
    what,
    `hash=${equal(hash, found.get("hash").uInt8ArrayValue())}`,
    `digest=${equal(fold(hash, proof), Digest)}`,
    `altered=${equal(fold(altered, proof), Digest)}`,
  );
}

async function verifyBlock(address, { Digest, DigestTipAddress }) {
  const { Block, Proof } = await control.getBlock({
    Name,
    BlockAddress: { IonText: dumpText(address) },
    DigestTipAddress,
  });
  const block = load(Block.IonText);
  const [entries, previous, hash] = ["entriesHash", "previousBlockHash", "blockHash"].map((field) =>
    block.get(field).uInt8ArrayValue(),
  );
  const listed = [...block.get("entriesHashList").elements()].map((entry) => entry.uInt8ArrayValue());
  say(
    "block",
    `hash=${equal(dot(entries, previous), hash)}`,
    `digest=${equal(fold(hash, proofOf(Proof)), Digest)}`,
    `transactionInfo=${listed.some((entry) => equal(entry, ionHash(block.get("transactionInfo"))))}`,
  );
}

async function redact() {
  const [first] = await run(
    "SELECT * FROM history(VehicleRegistration) AS h WHERE h.metadata.version = 0 AND h.data.VIN = ?",
    "KM8SRDHF6EU074761",
  );
  const [{ length }, [table]] = [
    await run("SELECT VALUE h.data FROM history(VehicleRegistration) AS h"),
    await run(
      "SELECT VALUE t.tableId FROM information_schema.user_tables AS t WHERE t.name = 'VehicleRegistration'",
    ),
  ];
  const id = first.get("metadata").get("id");
  const [redacted] = await run("EXEC REDACT_REVISION ?, ?, ?", first.get("blockAddress"), table, id);
  const [erased] = await until(
    () =>
      run(
        "SELECT * FROM history(VehicleRegistration) AS h WHERE h.metadata.id = ? AND h.metadata.version = 0",
        id,
      ),
    ([row]) => row.get("data") === null,
  );
  say(
    "redacted",
    `version=${redacted.get("version").numberValue()}`,
    `of ${length}`,
    `dataHash=${erased.get("dataHash") !== null}`,
  );
  // Proofs from before hold, and those to the digest of before can still be had.
  await verifyRevision("redacted revision", first, digest);
  await verifyRevision("redacted revision, new digest", first, await control.getDigest({ Name }));
}

async function exportJournal(Prefix) {
  const { ExportId } = await control.exportJournalToS3({
    Name,
    InclusiveStartTime: new Date(began.getTime() - 60_000),
    ExclusiveEndTime: new Date(),
    RoleArn,
    S3ExportConfiguration: {
      Bucket,
      Prefix,
      EncryptionConfiguration: { ObjectEncryptionType: "SSE_S3" },
    },
  });
  const { ExportDescription } = await until(
    () => control.describeJournalS3Export({ Name, ExportId }),
    ({ ExportDescription: { Status } }) => Status !== "IN_PROGRESS",
  );
  const { JournalS3Exports } = await control.listJournalS3ExportsForLedger({ Name });
  say("export", ExportDescription.Status, `listed=${JournalS3Exports.length}`);
}

async function streamJournal() {
  const { StreamId } = await control.streamJournalToKinesis({
    LedgerName: Name,
    StreamName: "tutorial",
    RoleArn,
    InclusiveStartTime: new Date(began.getTime() - 60_000),
    ExclusiveEndTime: new Date(),
    KinesisConfiguration: {
      StreamArn: `arn:aws:kinesis:us-east-1:000000000000:stream/${kinesisName}`,
      AggregationEnabled: false,
    },
  });
  const { Stream } = await until(
    () => control.describeJournalKinesisStream({ LedgerName: Name, StreamId }),
    ({ Stream: { Status } }) => Status !== "ACTIVE",
  );
  say("stream", Stream.Status);
}

async function deleteLedger() {
  const refused = await control.deleteLedger({ Name }).catch(({ name }) => name);
  await control.updateLedger({ Name, DeletionProtection: false });
  await control.deleteLedger({ Name });
  const gone = await until(
    () => control.describeLedger({ Name }).catch(({ name }) => name),
    (answer) => typeof answer === "string",
  );
  say("deletion", refused, gone);
}

/** Asks again, as the tutorial does, until the answer is the one that is waited for. */
async function until(ask, isThere) {
  for (;;) {
    const answer = await ask();
    if (isThere(answer)) return answer;
    await pause(20);
  }
}

/** The Ion hash of a value, by the library of Amazon Ion. */
function ionHash(value) {
  const reader = makeHashReader(makeReader(dumpText(value)), cryptoHasherProvider("sha256"));
  reader.next();
  reader.next();
  return reader.digest();
}

function proofOf({ IonText }) {
  return [...load(IonText).elements()].map((hash) => hash.uInt8ArrayValue());
}

function fold(hash, proof) {
  return proof.reduce(dot, hash);
}

/** The hash of two hashes, the smaller one first: bytes are compared from the last one on, as signed numbers. */
function dot(left, right) {
  if (left.length === 0 || right.length === 0) return left.length === 0 ? right : left;
  const at = left.findLastIndex((byte, place) => byte !== right[place]);
  const isInOrder = at < 0 || (left[at] << 24) >> 24 < (right[at] << 24) >> 24;
  return createHash("sha256")
    .update(Buffer.concat(isInOrder ? [left, right] : [right, left]))
    .digest();
}

function equal(left, right) {
  return Buffer.compare(left, right) === 0;
}
