// SPDX-License-Identifier: MIT
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import {
  ConfigurationError,
  type Loader,
  parseSettings,
  renderSettings,
  silentLogger,
} from "@ledger-loader/core";
import * as dms from "@ledger-loader/dms";
import { LedgerLoaderError } from "@ledger-loader/errors";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { MAPPING } from "../test/dms-records";

const { createDmsHandlerFromConfig, DMS_SETTINGS, loadMapper, MapperNotFoundError, MappingFileError } = dms;

let folder: string;
const loader = {} as Loader;
const docs = (page: string): Promise<string> =>
  readFile(path.join(__dirname, "../../../docs/reference", page), "utf8");

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "dms-"));
  await writeFile(path.join(folder, "mapping.json"), MAPPING);
  const methods = "mapTableName() { return 'T'; } mapPrimaryKey() {} mapDataRecord(row) { return row; }";
  await writeFile(
    path.join(folder, "mappers.cjs"),
    `exports.Mapper = class { constructor(config) { this.config = config; } ${methods} };
     exports.makeMapper = (config) => new exports.Mapper(config);
     exports.mapper = new exports.Mapper();
     exports.Fields = class { mapTableName = () => "T"; mapPrimaryKey = () => {}; mapDataRecord = (row) => row; };
     exports.Empty = class {};
     exports.throwing = () => { throw new Error("no such file"); };
     exports.half = { mapTableName() {} };`,
  );
});
afterAll(() => rm(folder, { recursive: true }));

describe("The settings of the DMS channel", () => {
  it("have defaults, but for the engine", () => {
    expect(parseSettings(DMS_SETTINGS, { DMS_SOURCE_ENGINE: "mysql" })).toEqual({
      engine: "mysql",
      loadEventMapper: "MappingFileLoadEventMapper",
      mappingFile: "dms-mapping.json",
      absentColumns: "reject",
      beforeImageField: "before-image",
      controlPolicy: { "create-table": "acknowledge" },
      epoch: 0,
      withoutPosition: "reject",
    });
  });

  it("name all problems at once", () => {
    const environment = { DMS_EPOCH: "-1", DMS_CONTROL_RECORDS: "truncate-table", LOAD_EVENT_MAPPER: "Mine" };
    try {
      parseSettings(DMS_SETTINGS, environment);
      expect("no error").toBe("an error");
    } catch (error) {
      expect(error).toBeInstanceOf(ConfigurationError);
      const names = (error as ConfigurationError).problems.map((problem) => problem.split(":")[0]);
      expect(names).toEqual(["DMS_SOURCE_ENGINE", "LOAD_EVENT_MAPPER", "DMS_CONTROL_RECORDS", "DMS_EPOCH"]);
    }
  });

  it("read a policy for control records", () => {
    const text = "truncate-table=acknowledge, add-column=reject";
    const { controlPolicy } = parseSettings(DMS_SETTINGS, {
      DMS_SOURCE_ENGINE: "mysql",
      DMS_CONTROL_RECORDS: text,
    });
    expect(controlPolicy).toEqual({ "truncate-table": "acknowledge", "add-column": "reject" });
  });

  it("are on their reference page", async () => {
    const page = await docs("configuration-dms.md");
    expect(page).toContain(renderSettings(DMS_SETTINGS).trim());
  });
});

describe("LOAD_EVENT_MAPPER", () => {
  const load = (loadEventMapper: string, mappingFile = "mapping.json"): Promise<unknown> =>
    loadMapper({ loadEventMapper, mappingFile: path.join(folder, mappingFile), absentColumns: "reject" });

  it("loads the built-in mapper with the mapping file", async () => {
    expect(await load("MappingFileLoadEventMapper")).toBeInstanceOf(dms.MappingFileLoadEventMapper);
    await expect(load("MappingFileLoadEventMapper", "none.json")).rejects.toThrow(
      /^DMS_MAPPING_FILE: expected a file that can be read at \S+none\.json, found ENOENT/m,
    );
  });

  it.each<BufferEncoding>(["utf16le", "latin1"])(
    "refuses a mapping file in %s by its name",
    async (encoding) => {
      const file = path.join(folder, `${encoding}.json`);
      await writeFile(file, Buffer.from('[{"schema": "s\u00e9", "table": "t"}]', encoding));
      await expect(load("MappingFileLoadEventMapper", `${encoding}.json`)).rejects.toThrow(
        `expected ${file} as UTF-8, found another encoding`,
      );
    },
  );

  it.each(["Mapper", "makeMapper", "mapper", "Fields"])(
    "loads a user's own: a class, a function or a mapper: %s",
    async (name) => {
      expect(await load(`${folder}/mappers.cjs#${name}`)).toHaveProperty("mapTableName");
    },
  );

  it.each(["mappers.cjs#half", "mappers.cjs#absent", "none.cjs#x"])(
    "finds nothing in %s",
    async (reference) => {
      await expect(load(`${folder}/${reference}`)).rejects.toThrow(MapperNotFoundError);
    },
  );

  it.each([
    ["Empty", "found an export without mapTableName"],
    ["throwing", "found one that cannot be made: given the configuration, it threw Error: no such file"],
  ])("says what is wrong with %s", async (name, found) => {
    await expect(load(`${folder}/mappers.cjs#${name}`)).rejects.toThrow(found);
  });

  it("is part of what makes a handler from the environment", async () => {
    const environment = {
      DMS_SOURCE_ENGINE: "postgresql",
      DMS_MAPPING_FILE: path.join(folder, "mapping.json"),
    };
    expect(await createDmsHandlerFromConfig(loader, environment, silentLogger)).toBeInstanceOf(Function);
  });
});

describe("The errors of dms", () => {
  const errors = [
    new MapperNotFoundError("x#y", "no such module"),
    new MappingFileError("the file", ["entry 1: none"]),
  ];

  it("are all that it exports, in the reference", async () => {
    const exported = Object.entries<unknown>(dms)
      .filter(([, each]) => typeof each === "function" && each.prototype instanceof LedgerLoaderError)
      .map(([name]) => name);
    expect(errors.map(({ name }) => name).sort()).toEqual(exported.sort());
    const page = await docs("errors.md");
    const section = page.split("\n## ").find((part) => part.startsWith("`@ledger-loader/dms`")) ?? "";
    for (const { code, name } of errors) expect(section).toMatch(new RegExp(`\`${code}\` +\\| \`${name}\``));
  });
});
