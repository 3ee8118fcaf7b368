// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import { ledgerArn, tableArn, userTablesArn } from "../../arn";
import { createPolicy, type PolicyStatement } from "./policy";

const allow = (actions: string[], resources: string[]): PolicyStatement => ({
  effect: "Allow",
  actions,
  resources,
});
const deny = (actions: string[], resources: string[]): PolicyStatement => ({
  effect: "Deny",
  actions,
  resources,
});
const cars = ledgerArn("cars");
const person = [tableArn("cars", "Jv8VTAi4zeN6gpdLqtqVYR"), tableArn("cars", "Person")];

describe(createPolicy, () => {
  it("allows nothing without a statement", () => {
    expect(createPolicy([])("qldb:SendCommand", [cars])).toBe(false);
    expect(createPolicy([allow([], [])])("qldb:SendCommand", [cars])).toBe(false);
  });

  it.each([
    [["qldb:SendCommand"], [cars]],
    [["QLDB:sendcommand"], ["*"]],
    [["qldb:*"], ["arn:aws:qldb:eu-west-1:111122223333:ledger/cars"]],
    [["*"], ["arn:aws-cn:qldb:*:*:ledger/car?"]],
    [["qldb:GetDigest", "qldb:Send*"], ["arn:aws:qldb:::ledger/*"]],
  ])("allows SendCommand on a ledger by %j on %j", (actions, resources) => {
    expect(createPolicy([allow(actions, resources)])("qldb:SendCommand", [cars])).toBe(true);
  });

  it.each([
    [["qldb:SendCommands"], ["*"]],
    [["qldb:Send"], ["*"]],
    [["qldb:SendCommand"], ["arn:aws:qldb:*:*:ledger/car"]],
    [["qldb:SendCommand"], ["arn:aws:qldb:*:*:ledger/cars/*"]],
    [["qldb:SendCommand"], ["arn:aws:s3:::ledger/cars"]],
    [["qldb.SendCommand"], ["*"]],
    [["qldb:SendCommand"], ["ledger/cars"]],
  ])("does not allow SendCommand on a ledger by %j on %j", (actions, resources) => {
    expect(createPolicy([allow(actions, resources)])("qldb:SendCommand", [cars])).toBe(false);
  });

  it("knows a table by its id and by its name", () => {
    for (const arn of [...person, tableArn("cars", "*")]) {
      expect(createPolicy([allow(["qldb:PartiQLSelect"], [arn])])("qldb:PartiQLSelect", person)).toBe(true);
    }
    const other = createPolicy([
      allow(["qldb:PartiQLSelect"], [tableArn("cars", "Person2"), userTablesArn("cars")]),
    ]);
    expect(other("qldb:PartiQLSelect", person)).toBe(false);
  });

  it("denies what a statement denies, whatever others allow", () => {
    const policy = createPolicy([
      deny(["qldb:PartiQL*"], [tableArn("cars", "Person")]),
      allow(["qldb:*"], ["*"]),
    ]);
    expect(policy("qldb:PartiQLSelect", person)).toBe(false);
    expect(policy("qldb:PartiQLSelect", [tableArn("cars", "Other")])).toBe(true);
    expect(policy("qldb:SendCommand", [cars])).toBe(true);
  });
});
