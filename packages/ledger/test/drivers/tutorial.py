# SPDX-License-Identifier: MIT
"""Uses a ledger as an application on the official Python driver would: tables, every Ion type, history, pages, conflicts,
expiry. It is told of the endpoint by AWS_ENDPOINT_URL_QLDB_SESSION alone.

    tutorial.py LEDGER SAMPLES

SAMPLES has a name, a tab and an Ion value on each line. One line is printed for each thing that was tried. After a line
"pause ..." it goes on when it can read a line.
"""

import sys

from amazon.ion import simpleion
from botocore.exceptions import ClientError
from pyqldb.driver.qldb_driver import QldbDriver


def main(ledger: str, samples: str) -> None:
    with QldbDriver(ledger) as driver:
        create_tables(driver)
        with open(samples, encoding="utf-8") as lines:
            keep_samples(driver, [line.rstrip("\n").split("\t", 1) for line in lines])
        change_and_remember(driver)
        read_pages(driver)
        survive_conflict(driver, ledger)
        be_refused(driver)
        outlive_transaction(driver)
        outlive_server(driver)


def create_tables(driver: QldbDriver) -> None:
    for statement in ("CREATE TABLE Vehicle", "CREATE TABLE Sample", "CREATE INDEX ON Vehicle (vin)"):
        run(driver, statement)
    say("tables", " ".join(sorted(driver.list_tables())))


def keep_samples(driver: QldbDriver, samples: list) -> None:
    for name, text in samples:
        value = simpleion.loads(text)
        run(driver, "INSERT INTO Sample ?", {"name": name, "value": value})
        (row,) = run(driver, "SELECT s.\"value\" FROM Sample AS s WHERE s.name = ?", name)
        same = simpleion.dumps(row["value"], binary=True) == simpleion.dumps(value, binary=True)
        say(f"type {name}", "equal" if same else simpleion.dumps(row["value"], binary=False))


def change_and_remember(driver: QldbDriver) -> None:
    (inserted,) = run(driver, "INSERT INTO Vehicle ?", {"vin": "1", "owner": "Ann"})
    document = inserted["documentId"]
    say("document id", len(document))
    say("updated", len(run(driver, "UPDATE Vehicle AS v SET v.owner = ? WHERE v.vin = ?", "Bob", "1")))
    (row,) = run(driver, "SELECT v.metadata.version FROM _ql_committed_Vehicle AS v WHERE v.data.vin = '1'")
    say("version", row["version"])
    run(driver, "DELETE FROM Vehicle WHERE vin = ?", "1")
    history = run(driver, "SELECT h.data.owner FROM history(Vehicle) AS h WHERE h.metadata.id = ?", document)
    say("history", " ".join(row.get("owner", "deleted") for row in history))


def read_pages(driver: QldbDriver) -> None:
    for first in range(0, 400, 40):
        documents = [{"vin": f"page-{number}"} for number in range(first, first + 40)]
        run(driver, "INSERT INTO Vehicle ?", documents)

    def read(transaction):
        cursor = transaction.execute_statement("SELECT v.vin FROM Vehicle AS v")
        found = {row["vin"] for row in cursor}
        return len(found), cursor.get_consumed_ios()["ReadIOs"], cursor.get_timing_information() is not None

    rows, read_ios, timed = driver.execute_lambda(read)
    say("pages", rows)
    say("read ios", read_ios)
    say("timed", str(timed).lower())


def survive_conflict(driver: QldbDriver, ledger: str) -> None:
    run(driver, "INSERT INTO Vehicle ?", {"vin": "counter", "count": 0})
    attempts = []

    def count(transaction):
        attempts.append(1)
        (row,) = transaction.execute_statement("SELECT v.\"count\" FROM Vehicle AS v WHERE v.vin = 'counter'")
        if len(attempts) == 1:
            with QldbDriver(ledger) as other:
                run(other, "UPDATE Vehicle AS v SET v.\"count\" = 10 WHERE v.vin = 'counter'")
        transaction.execute_statement(
            "UPDATE Vehicle AS v SET v.\"count\" = ? WHERE v.vin = 'counter'", row["count"] + 1
        )

    driver.execute_lambda(count)
    (row,) = run(driver, "SELECT v.\"count\" FROM Vehicle AS v WHERE v.vin = 'counter'")
    say("conflict", f"{len(attempts)} attempts, count {row['count']}")


def be_refused(driver: QldbDriver) -> None:
    try:
        run(driver, "SELECT * FROM Nowhere")
    except ClientError as error:
        say("refused", error.response["Error"]["Code"])


def outlive_transaction(driver: QldbDriver) -> None:
    def dawdle(transaction):
        transaction.execute_statement("INSERT INTO Vehicle ?", {"vin": "late"})
        pause("until the transaction has expired")

    try:
        driver.execute_lambda(dawdle)
    except ClientError as error:
        say("expired", error.response["Error"]["Code"])
    say("after expiry", len(run(driver, "SELECT * FROM Vehicle AS v WHERE v.vin = 'late'")))


def outlive_server(driver: QldbDriver) -> None:
    pause("until the server was restarted")
    say("after restart", len(run(driver, "SELECT * FROM Vehicle AS v WHERE v.vin = 'counter'")))


def run(driver: QldbDriver, statement: str, *parameters) -> list:
    return driver.execute_lambda(lambda transaction: list(transaction.execute_statement(statement, *parameters)))


def say(name: str, result: object) -> None:
    print(f"{name}: {result}", flush=True)


def pause(what: str) -> None:
    print(f"pause {what}", flush=True)
    sys.stdin.readline()


main(*sys.argv[1:])
