// SPDX-License-Identifier: MIT
import { createRequire } from "node:module";
import { describe, expect, it } from "@jest/globals";
import { explainMissingPackage, PackageMissingError } from "./package-missing-error";

/** The error that Node.js throws when it loads this. */
async function errorOf(load: () => unknown): Promise<unknown> {
  try {
    await load();
  } catch (error) {
    return error;
  }
  throw new Error("Expected no such package, found one.");
}

const load = createRequire(__filename);
const NAME = "@ledger-loader/no-such-channel";

describe("A package that is not installed", () => {
  it.each([
    ["require", () => load(NAME) as unknown],
    ["import", () => import(NAME) as Promise<unknown>],
  ])("is named, with the command that installs it, where %s does not find it", async (_, find) => {
    const error = explainMissingPackage(await errorOf(find), ["@ledger-loader/sqs", NAME]);
    expect(error).toBeInstanceOf(PackageMissingError);
    expect(error).toMatchObject({ code: "PACKAGE_MISSING", packageName: NAME });
    expect((error as Error).message).toContain(`npm install ${NAME} `);
  });

  it("stays Node.js's error where it is none of those that may be missing", async () => {
    const found = await errorOf(() => load(NAME) as unknown);
    expect(explainMissingPackage(found, ["@ledger-loader/sqs"])).toBe(found);
  });

  it("is not what any other error becomes", () => {
    const other = Object.assign(new Error("Cannot find package 'x'"), { code: "ENOENT" });
    expect(explainMissingPackage(other, ["x"])).toBe(other);
    expect(explainMissingPackage(undefined, ["x"])).toBe(undefined);
  });
});
