// SPDX-License-Identifier: MIT
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { runWords, type CliResult } from "../test/run-words";

const TEMPLATE = `
Parameters:
  Timeout: { Type: Number, Default: 100 }
Resources:
  Queue:
    Type: AWS::SQS::Queue
    Properties:
      VisibilityTimeout: 600
      RedrivePolicy: { maxReceiveCount: 16, deadLetterTargetArn: !GetAtt Letters.Arn }
  Letters:
    Type: AWS::SQS::Queue
    Properties: { MessageRetentionPeriod: 1209600 }
  Alarm:
    Type: AWS::CloudWatch::Alarm
    Properties:
      MetricName: ApproximateNumberOfMessagesVisible
      Dimensions: [{ Name: QueueName, Value: !GetAtt Letters.QueueName }]
  AgeAlarm:
    Type: AWS::CloudWatch::Alarm
    Properties: { MetricName: ApproximateAgeOfOldestMessage }
  Loader:
    Type: AWS::Lambda::Function
    Properties: { Timeout: !Ref Timeout }
  Source:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      EventSourceArn: !GetAtt Queue.Arn
      FunctionName: !Ref Loader
      FunctionResponseTypes: [ReportBatchItemFailures]
`;

let folder: string;
let file: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "cli-lint-"));
  file = join(folder, "template.yml");
  writeFileSync(file, TEMPLATE);
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const run = (...words: string[]): Promise<CliResult> => runWords(["lint", ...words]);

describe("lint", () => {
  it("ends with 0 where there is no finding", async () => {
    const { exitCode, stdout } = await run(file);
    expect([exitCode, stdout]).toEqual([0, "no finding in 1 channel\n"]);
  });

  it("ends with 1 and names resource, property, value, reason and remedy", async () => {
    const { exitCode, stdout } = await run(file, "--parameter", "Timeout=200");
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^Queue \(AWS::SQS::Queue\): reordered, visibility-too-short\n/);
    expect(stdout).toMatch(/found {2}VisibilityTimeout: 600; 1200 needed/);
    expect(stdout).toMatch(/1 finding in 1 channel\n$/);
  });

  it("prints a document for machines", async () => {
    const { exitCode, stdout } = await run(file, "--parameter", "Timeout=200", "--json");
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      source: file,
      channels: 1,
      unchecked: [],
      findings: [
        { rule: "visibility-too-short", effect: "reordered", resource: "Queue", found: "600; 1200 needed" },
      ],
    });
  });

  it.each([
    ["a file that is missing", [join("no", "such.yml")], "expected a CloudFormation template in"],
    ["a template without a channel", ["{}"], "expected an event source mapping"],
    ["what is no template", ["[]"], "expected a CloudFormation template in"],
    [
      "a parameter without a value",
      [undefined, "--parameter", "Timeout"],
      "expected NAME=VALUE for --parameter",
    ],
  ])("ends with 2 for %s", async (name, [source, ...more], message) => {
    const path = join(folder, `${name.replaceAll(" ", "-")}.json`);
    if (source === "{}") writeFileSync(path, `{"Resources":{"Bucket":{"Type":"AWS::S3::Bucket"}}}`);
    if (source === "[]") writeFileSync(path, source);
    const named = source === undefined ? file : source.startsWith("no") ? source : path;
    const { exitCode, stderr } = await run(named, ...(more as string[]));
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
  });

  it("reads a text in Latin-1 as no template rather than wrongly", async () => {
    const path = join(folder, "latin1.yml");
    writeFileSync(path, Buffer.concat([readFileSync(file), Buffer.from([0x23, 0xe9, 0x0a])]));
    expect((await run(path)).exitCode).toBe(2);
  });
});
