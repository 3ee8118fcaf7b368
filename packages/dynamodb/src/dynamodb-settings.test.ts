// SPDX-License-Identifier: MIT
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { ConfigurationError, parseSettings, renderSettings, silentLogger } from "@ledger-loader/core";
import {
  createDynamoDbHandlerFromConfig,
  createDynamoDbKinesisHandlerFromConfig,
  DYNAMODB_SETTINGS,
  readDynamoDbOptions,
} from "@ledger-loader/dynamodb";
import { RecordingLoader } from "../test/recording-loader";
import { aKinesisBody, aRecord, toKinesis } from "../test/stream-records";

const read = (environment: Readonly<Record<string, string>>) =>
  readDynamoDbOptions(environment, silentLogger);

const eventsOf = ({ deliveries }: RecordingLoader) =>
  deliveries.flatMap((delivery) => delivery.decode().events.map(({ event }) => event));

describe("The settings of the DynamoDB channels", () => {
  it("have defaults, all of them", () => {
    expect(read({})).toEqual({
      sets: "annotated",
      expiry: "delete",
      epoch: 0,
      logger: silentLogger,
    });
  });

  it("say everything that the options can say", () => {
    const environment = {
      DYNAMODB_TABLES: "fleet.prod-1=Vehicle, person=Person",
      DYNAMODB_MODIFY_AS: "ANY",
      DYNAMODB_SETS: "plain",
      DYNAMODB_EXPIRY: "archive:Gone",
      DYNAMODB_EPOCH: "3",
      DYNAMODB_EVENT_ATTRIBUTE: "event",
    };
    expect(read(environment)).toEqual({
      tables: { "fleet.prod-1": "Vehicle", person: "Person" },
      modifyAs: "ANY",
      sets: "plain",
      expiry: { archiveTo: "Gone" },
      epoch: 3,
      eventAttribute: "event",
      logger: silentLogger,
    });
    expect(read({ DYNAMODB_EXPIRY: "ignore" })).toMatchObject({ expiry: "ignore" });
  });

  it("name all problems at once", () => {
    const environment = {
      DYNAMODB_TABLES: "fleet=my-vehicles",
      DYNAMODB_MODIFY_AS: "INSERT",
      DYNAMODB_SETS: "sorted",
      DYNAMODB_EXPIRY: "archive:",
      DYNAMODB_EPOCH: "-1",
      DYNAMODB_EVENT_ATTRIBUTE: "x".repeat(256),
    };
    try {
      parseSettings(DYNAMODB_SETTINGS, environment);
      expect("no error").toBe("an error");
    } catch (error) {
      expect(error).toBeInstanceOf(ConfigurationError);
      const names = (error as ConfigurationError).problems.map((problem) => problem.split(":")[0]);
      expect(names).toEqual(Object.keys(environment));
    }
  });

  it("are on their reference page", () => {
    const page = readFileSync(join(__dirname, "../../../docs/reference/configuration-dynamodb.md"), "utf8");
    expect(page).toContain(renderSettings(DYNAMODB_SETTINGS).trim());
  });
});

describe("A handler made from the environment", () => {
  const environment = { DYNAMODB_TABLES: "Person=People" };

  it("loads a table's stream by its settings", async () => {
    const loader = new RecordingLoader();
    const handler = createDynamoDbHandlerFromConfig(loader, environment, silentLogger);
    await handler({ Records: [aRecord({ name: "MODIFY" })] });
    expect(eventsOf(loader)).toMatchObject([{ op: "UPDATE", table: "People" }]);
  });

  it("loads a Kinesis data stream by the same, where a MODIFY may come first", async () => {
    const loader = new RecordingLoader();
    const handler = createDynamoDbKinesisHandlerFromConfig(loader, environment, silentLogger);
    await handler({ Records: [toKinesis(aKinesisBody({ name: "MODIFY" }, 1), 100)] });
    expect(eventsOf(loader)).toMatchObject([{ op: "ANY", table: "People" }]);
  });
});
