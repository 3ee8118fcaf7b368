// SPDX-License-Identifier: MIT
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "@jest/globals";
import { SETTINGS } from "@ledger-loader/core";
import { DMS_SETTINGS } from "@ledger-loader/dms";
import { DYNAMODB_SETTINGS } from "@ledger-loader/dynamodb";
import { CHANNELS, parametersOf, type ChannelName } from "@ledger-loader/infra";

const PACKAGES = path.join(__dirname, "../../../packages");

/** Settings without a parameter of the same name. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  deadLetters: "the stack's own queue, or deadLetterQueueArn",
  receipts: "receiptQueueArn",
  maskingKey: "maskingKeySecret: a key does not belong into a template",
  ledgerAccessKeyId: "ledgerCredentialsSecret: a key does not belong into a template",
  ledgerSecretAccessKey: "ledgerCredentialsSecret: a key does not belong into a template",
  healthHost: "workers only",
  healthPort: "workers only",
  stalledAfterMs: "workers only",
  drainTimeoutMs: "workers only",
  logFormat: "workers and servers only",
};
/** Settings that a single channel's functions read. */
const OF_CHANNELS: Readonly<Record<string, readonly ChannelName[]>> = {
  allowUnordered: ["sns", "eventbridge"],
};
const EVERY_CHANNEL = Object.keys(CHANNELS) as ChannelName[];

function lacking(settings: object, channels: readonly ChannelName[]): readonly string[] {
  return Object.keys(settings).flatMap((key) =>
    (OF_CHANNELS[key] ?? channels)
      .filter((channel) => !(key in parametersOf(channel)) && !(key in ELSEWHERE))
      .map((channel) => `${key} of ${channel}`),
  );
}

describe("A deployment can set", () => {
  it("every setting of the loader, whatever its channel, and those of its channel", () => {
    expect(lacking(SETTINGS, EVERY_CHANNEL)).toEqual([]);
    expect(lacking(DMS_SETTINGS, ["dms"])).toEqual([]);
    expect(lacking(DYNAMODB_SETTINGS, ["dynamodb"])).toEqual([]);
  });

  it("whatever a message advises as NAME=value", () => {
    const declared = [SETTINGS, DMS_SETTINGS, DYNAMODB_SETTINGS].flatMap((settings) =>
      Object.values(settings as Record<string, { readonly name: string }>).map(({ name }) => name),
    );
    // Its own message of the MSK channel; `tombstones` of its stack.
    const known = [...declared, "KAFKA_TOMBSTONES", "KAFKA_AUTHENTICATION", "KAFKA_TLS"];
    const advised = sources(PACKAGES).flatMap((file) =>
      [...readFileSync(file, "utf8").matchAll(/\b(?:set|or|with) ([A-Z]+(?:_[A-Z]+)+)=/g)].map(
        ([, name]) => name!,
      ),
    );
    expect(advised).toEqual(expect.arrayContaining(["ALLOW_UNORDERED", "STRICT_MODE", "KAFKA_TOMBSTONES"]));
    expect(advised.filter((name) => !known.includes(name))).toEqual([]);
    expect("tombstones" in parametersOf("msk")).toBe(true);
  });
});

/** The sources of the packages that functions are made of, without tests. */
function sources(folder: string): readonly string[] {
  return ["core", "sqs", "sns", "kinesis", "msk", "eventbridge", "dms", "dynamodb"].flatMap((name) =>
    readdirSync(path.join(folder, name, "src"), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
      .map((file) => path.join(folder, name, "src", file)),
  );
}
