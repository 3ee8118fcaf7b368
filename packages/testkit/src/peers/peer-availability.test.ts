// SPDX-License-Identifier: MIT
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it, jest } from "@jest/globals";
import { describeWhen, peerAvailability } from "@ledger-loader/testkit";

const environment = { ...process.env };
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "ledger-loader-peers-"));
  process.env["LEDGER_LOADER_PEERS_DIR"] = folder;
  delete process.env["LEDGER_LOADER_REQUIRE_PEERS"];
});
afterEach(() => {
  process.env = { ...environment };
  rmSync(folder, { recursive: true });
});

it("says what is missing and how to get it", () => {
  expect(peerAvailability("kafka")).toEqual({
    available: false,
    reason: expect.stringMatching(/Apache Kafka .* run \.\/scripts\/fetch-peers kafka/),
  });
});

it("says so when the files are there, but no Java to run them with", () => {
  const version = /Kafka ([\d.]+)/.exec(JSON.stringify(peerAvailability("kafka")))?.[1] ?? "";
  mkdirSync(path.join(folder, `kafka-${version}`));
  process.env["PATH"] = folder;
  expect(peerAvailability("kafka")).toEqual({
    available: false,
    reason: expect.stringContaining("no java on the PATH"),
  });
});

it("refuses to skip what is required", () => {
  process.env["LEDGER_LOADER_REQUIRE_PEERS"] = "1";
  expect(() => peerAvailability("moto")).toThrow(expect.objectContaining({ code: "TEST_SERVICE_FAILED" }));
});

it("skips loudly: on stderr and in the suite's title", () => {
  const stderr = jest.spyOn(process.stderr, "write").mockReturnValue(true);
  const skip = jest.fn();
  const describeNever = Object.assign(jest.fn(), { skip });
  const body = () => undefined;
  describeWhen({ available: false, reason: "no Java" }, describeNever)("Kafka", body);
  const printed = stderr.mock.calls.map(([text]) => text).join("");
  stderr.mockRestore();
  expect(printed).toBe("SKIPPED: Kafka: no Java\n");
  expect(skip).toHaveBeenCalledWith("Kafka [no Java]", body);
  expect(describeNever).not.toHaveBeenCalled();
  expect(describeWhen({ available: true, folder }, describeNever)).toBe(describeNever);
});
