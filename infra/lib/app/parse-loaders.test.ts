// SPDX-License-Identifier: MIT
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { createApp, DeploymentConfigError, parseLoaders } from "@ledger-loader/infra";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "loaders-"));
  const write = (name: string, text: string) => {
    writeFileSync(path.join(folder, name), text);
  };
  write(
    "writer.ts",
    `import { BaseRevisionWriter } from "@ledger-loader/core";
     export class Writer extends BaseRevisionWriter {}
     export const limit: number = 3;`,
  );
  write("broken.ts", `throw new Error("no such table");`);
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function problemsOf(...loaders: unknown[]): readonly string[] {
  try {
    parseLoaders({ loaders }, folder);
  } catch (error) {
    if (error instanceof DeploymentConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe("parseLoaders", () => {
  it("names every problem of every loader at once", () => {
    expect(
      problemsOf(
        { channel: "sqs", ledgerName: "x--", bachSize: 3, region: "mars", memoryMb: "plenty" },
        { channel: "smtp" },
        { channel: "sqs", id: "second", ledgerName: "cars", vpcId: "vpc-0123456789abcdef0" },
      ),
    ).toEqual([
      "loader 1 (sqs): bachSize: expected a parameter of the channel sqs, found an unknown name; did you mean batchSize?",
      'loader 1 (sqs): region: expected an AWS region, found "mars"',
      'loader 1 (sqs): ledgerName: expected 1 to 32 letters, digits and hyphens, found "x--"',
      'loader 1 (sqs): memoryMb: expected an integer from 256 to 10240, found "plenty"',
      expect.stringMatching(/^loader 2 \(smtp\): channel: expected one of sqs.*, found smtp$/),
      "loader 3 (second): vpcId: expected vpcId and subnetIds together, found one of them",
    ]);
  });

  it("looks at what belongs together although single values are wrong, and says nothing twice", () => {
    expect(
      problemsOf({
        channel: "dms",
        ledgerName: "cars",
        engine: "mysql",
        batchSize: 0,
        mappingFile: "./missing.json",
        vpcId: "vpc-0123456789abcdef0",
        revisionWriter: "./writer.ts#Wirter",
      }),
    ).toEqual([
      expect.stringMatching(/: batchSize: expected .*, found 0$/),
      expect.stringMatching(/: mappingFile: expected a file, found none at /),
      expect.stringMatching(/: vpcId: expected vpcId and subnetIds together/),
      expect.stringMatching(/: revisionWriter: expected .*named Wirter, found the exports/),
    ]);
  });

  it("wants what Lambda polls, and where alarms go, in the loader's region", () => {
    const streamArn = "arn:aws:kinesis:us-east-1:123456789012:stream/cars";
    const loader = { channel: "kinesis", ledgerName: "cars", streamArn };
    expect(problemsOf({ ...loader, region: "eu-west-1" })).toEqual([
      `loader 1 (kinesis): streamArn: expected one in eu-west-1, where the loader is, found ${streamArn}`,
    ]);
    expect(problemsOf({ ...loader, region: "us-east-1" })).toEqual([]);
    expect(problemsOf(loader)).toEqual([]);
  });

  it.each(["sns", "sns-to-sqs"])(
    "wants a queue in the region of the topic of %s, where SNS can reach it",
    (channel) => {
      const fifo = channel === "sns" ? "" : ".fifo";
      const topicArn = `arn:aws:sns:us-east-1:123456789012:cars${fifo}`;
      const queue = (region: string, kind = fifo) => `arn:aws:sqs:${region}:123456789012:lost${kind}`;
      const problems = (more: object) =>
        problemsOf({ channel, ledgerName: "cars", region: "eu-west-1", topicArn, ...more });
      const other = fifo === "" ? ".fifo" : "";
      expect(problems({})).toEqual([
        expect.stringContaining("snsDeadLetterQueueArn: expected a queue in us-east-1"),
      ]);
      expect(problems({ snsDeadLetterQueueArn: queue("eu-west-1") })).toEqual([
        expect.stringMatching(/expected a queue in us-east-1, .*, found one in eu-west-1$/),
      ]);
      expect(problems({ snsDeadLetterQueueArn: queue("us-east-1", other) })).toEqual([
        expect.stringContaining("FIFO exactly where the topic is"),
      ]);
      expect(problems({ snsDeadLetterQueueArn: queue("us-east-1") })).toEqual([]);
      expect(problems({ region: "us-east-1" })).toEqual([]);
      expect(problems({ topicArn: undefined, snsDeadLetterQueueArn: queue("eu-west-1") })).toEqual([
        expect.stringContaining("expected with topicArn only"),
      ]);
    },
  );

  it("asks for what has no default, and for ids that differ", () => {
    expect(problemsOf({ channel: "sqs" })).toEqual([
      "loader 1 (sqs): ledgerName: expected 1 to 32 letters, digits and hyphens, found nothing",
    ]);
    const cars = { channel: "sqs", ledgerName: "cars" };
    expect(problemsOf(cars, cars)).toEqual([
      "loader sqs: id: expected another one for each loader, found it 2 times",
    ]);
    expect(() => parseLoaders({ loaders: [] }, folder)).toThrow("expected an array of loaders");
  });

  it("takes values as the environment has them, and as TypeScript has them", () => {
    const [asText] = parseLoaders(
      {
        loaders: [{ channel: "sqs", ledgerName: "cars", strictness: "false", batchSize: "5", fifo: "true" }],
      },
      folder,
    );
    const [asValues] = parseLoaders(
      { loaders: [{ channel: "sqs", ledgerName: "cars", strictness: "lenient", batchSize: 5, fifo: true }] },
      folder,
    );
    expect(asText).toEqual(asValues);
    expect(problemsOf({ channel: "sqs", ledgerName: "cars", strictness: "lax" })).toEqual([
      'loader 1 (sqs): strictness: expected strict or lenient, as a flag also true or false, found "lax"',
    ]);
  });
});

describe("a writer of the user's own", () => {
  const problemsOfWriter = (entry: string, name: string) =>
    problemsOf({ channel: "sqs", ledgerName: "cars", revisionWriter: { entry, export: name } });

  it("is taken from the configuration's folder", () => {
    const [parsed] = parseLoaders(
      { loaders: [{ channel: "sqs", ledgerName: "cars", revisionWriter: "./writer.ts#Writer" }] },
      folder,
    );
    expect(parsed?.values.revisionWriter).toEqual({
      entry: path.join(folder, "writer.ts"),
      export: "Writer",
    });
  });

  it.each([
    ["./missing.ts", "Writer", /revisionWriter: expected a file, found none at .*missing\.ts$/],
    [
      "./writer.ts",
      "Wirter",
      /expected .*writer\.ts to export a RevisionWriter class named Wirter, found the exports Writer, limit$/,
    ],
    [
      "./writer.ts",
      "limit",
      /expected a RevisionWriter class named limit in .*writer\.ts, found an export that is no RevisionWriter/,
    ],
    ["./broken.ts", "Writer", /expected a RevisionWriter class named Writer in .*no such table/],
  ])("fails before anything is deployed: %s#%s", (entry, name, message) => {
    expect(problemsOfWriter(entry, name)).toEqual([expect.stringMatching(message)]);
  });
});

it("looks nothing up for a VPC, wherever it is", () => {
  const outdir = path.join(folder, "vpc.out");
  const loaders = parseLoaders(
    {
      loaders: [
        {
          channel: "sqs",
          ledgerName: "cars",
          region: "eu-west-1",
          account: "123456789012",
          vpcId: "vpc-0123456789abcdef0",
          subnetIds: ["subnet-0123456789abcdef0"],
        },
      ],
    },
    folder,
  );
  expect(createApp(loaders, { outdir }).synth().manifest.missing).toBeUndefined();
});
