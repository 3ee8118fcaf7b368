// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import { parseTemplate, TemplateError } from "@ledger-loader/lint";

const YAML = `
AWSTemplateFormatVersion: 2010-09-09
Parameters:
  Name: { Type: String, Default: events }
Conditions:
  Fifo: !Equals [!Ref Name, events.fifo]
Resources:
  Queue:
    Type: AWS::SQS::Queue
    Condition: Fifo
    Properties:
      QueueName: !Sub "\${Name}-queue"
      RedrivePolicy: &policy
        deadLetterTargetArn: !GetAtt Letters.Arn
        maxReceiveCount: 5
  Other:
    Type: AWS::SQS::Queue
    Properties:
      FifoQueue: !If [Fifo, True, !Ref AWS::NoValue]
      RedrivePolicy: *policy
`;

describe("parseTemplate", () => {
  it("writes out the short forms of YAML, as JSON has them", () => {
    const { resources, parameters, conditions } = parseTemplate(YAML, "template.yml");
    const policy = { deadLetterTargetArn: { "Fn::GetAtt": "Letters.Arn" }, maxReceiveCount: 5 };
    expect(resources).toEqual([
      {
        id: "Queue",
        type: "AWS::SQS::Queue",
        condition: "Fifo",
        properties: { QueueName: { "Fn::Sub": "${Name}-queue" }, RedrivePolicy: policy },
      },
      {
        id: "Other",
        type: "AWS::SQS::Queue",
        condition: undefined,
        properties: {
          FifoQueue: { "Fn::If": ["Fifo", true, { Ref: "AWS::NoValue" }] },
          RedrivePolicy: policy,
        },
      },
    ]);
    expect(parameters).toEqual(new Map([["Name", "events"]]));
    expect(conditions).toEqual({ Fifo: { "Fn::Equals": [{ Ref: "Name" }, "events.fifo"] } });
  });

  it.each([
    ["YAML with a mistake", "Resources:\n  A: [", "expected YAML in t, found a mistake in line"],
    ["a name twice", "Resources:\n  A: 1\n  A: 2\n", "expected YAML in t, found a mistake"],
    ["JSON with a mistake", "{", "expected JSON in t, found a mistake"],
    ["no template", "- a", "expected a CloudFormation template in t, found something else"],
    ["no resources", `{"Outputs":{}}`, "expected a CloudFormation template in t, found no Resources"],
    ["a resource without a type", `{"Resources":{"A":{}}}`, "found A without one"],
  ])("refuses %s", (_, text, message) => {
    const parse = () => parseTemplate(text, "t");
    expect(parse).toThrow(TemplateError);
    expect(parse).toThrow(message);
  });
});
