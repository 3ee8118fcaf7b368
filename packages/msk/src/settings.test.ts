// SPDX-License-Identifier: MIT
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "@jest/globals";
import { ConfigurationError, renderSettings } from "@ledger-loader/core";
import { KAFKA_SETTINGS, parseKafkaConnection } from "@ledger-loader/msk";

const BROKERS = { KAFKA_BROKERS: "b-1.example:9098, b-2.example:9098" };

function problemsOf(environment: Record<string, string>): readonly string[] {
  try {
    parseKafkaConnection(environment);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
  return [];
}

it("encrypts unless it is told otherwise", () => {
  expect(parseKafkaConnection(BROKERS)).toEqual({
    brokers: ["b-1.example:9098", "b-2.example:9098"],
    tls: true,
    authentication: { kind: "none" },
  });
  expect(parseKafkaConnection({ ...BROKERS, KAFKA_TLS: "false" }).tls).toBe(false);
});

it.each([
  [
    { KAFKA_AUTHENTICATION: "iam", AWS_REGION: "eu-west-1" },
    { kind: "iam", region: "eu-west-1" },
  ],
  [
    { KAFKA_AUTHENTICATION: "scram-sha-512", KAFKA_USERNAME: "u", KAFKA_PASSWORD: "p" },
    { kind: "scram-sha-512", username: "u", password: "p" },
  ],
  [
    { KAFKA_AUTHENTICATION: "plain", KAFKA_USERNAME: "u", KAFKA_PASSWORD: "p" },
    { kind: "plain", username: "u", password: "p" },
  ],
])("reads %j", (environment, authentication) => {
  expect(parseKafkaConnection({ ...BROKERS, ...environment }).authentication).toEqual(authentication);
});

it("says all that is wrong at once, and no password", () => {
  expect(problemsOf({ KAFKA_BROKERS: "b-1.example", KAFKA_TLS: "yes" })).toEqual([
    expect.stringContaining("KAFKA_BROKERS: expected host:port"),
    'KAFKA_TLS: expected true or false, found "yes"',
  ]);
  const secret = { KAFKA_AUTHENTICATION: "plain", KAFKA_PASSWORD: "hunter2", KAFKA_TLS: "false" };
  const problems = problemsOf({ ...BROKERS, ...secret });
  expect(problems).toEqual([
    "KAFKA_USERNAME: expected a user with KAFKA_AUTHENTICATION=plain, found nothing",
    "KAFKA_TLS: expected true with KAFKA_AUTHENTICATION=plain, found false",
  ]);
  expect(problems.join()).not.toContain("hunter2");
  expect(problemsOf({ ...BROKERS, KAFKA_AUTHENTICATION: "iam" })).toEqual([
    "KAFKA_REGION: expected an AWS region with KAFKA_AUTHENTICATION=iam, found nothing",
  ]);
});

it("is described in full on the page of the channels' settings", () => {
  const page = readFileSync(path.join(__dirname, "../../../docs/reference/kafka-settings.md"), "utf8");
  expect(page.slice(page.indexOf("## "))).toBe(renderSettings(KAFKA_SETTINGS));
});
