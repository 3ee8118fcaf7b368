// SPDX-License-Identifier: MIT
import {
  formatValue,
  parseConfig,
  parseIdFields,
  resolveIdFields,
  SETTINGS,
  type Environment,
  type LoaderConfig,
  type Setting,
  withoutUndefined,
} from "@ledger-loader/core";
import { UsageError } from "../cli-errors";
import type { OptionSpec } from "./command-spec";
import { readNamedFile } from "../files";

/** Where documents keep the ids of events. */
export interface IdFieldOptions {
  readonly idField?: string;
  readonly idFields?: string;
}

/** The options that set the loader. Values are the texts of settings; what is absent is as the environment says. */
export interface LoaderSettingOptions extends IdFieldOptions {
  /** How records become events: a preset or a mapping file. */
  readonly mapping?: string;
  readonly masking?: string;
  /** `false` after `--no-create-tables`. */
  readonly createTables?: boolean;
  readonly startMidHistory?: true;
  readonly lenient?: true;
  readonly sessions?: string;
  readonly maxDocumentBytes?: string;
  readonly maxTransactionDocuments?: string;
  readonly logIds?: string;
}

/** The part of a setting that a view needs. */
type ReadSetting = Omit<Setting<unknown>, "format">;

/** A setting of the loader, seen from the command line. */
interface SettingView {
  readonly setting: ReadSetting;
  readonly flags: string;
  /** Its effect: one sentence. */
  readonly sentence: string;
  /** The setting's text that a flag without a value stands for. */
  readonly says?: "true" | "false";
}

/** Every option that sets the loader but `--id-fields`, which names a file. */
const VIEWS: Readonly<Record<keyof Omit<LoaderSettingOptions, "idFields">, SettingView>> = {
  idField: {
    setting: SETTINGS.idField,
    flags: "--id-field <name>",
    sentence: "the indexed field of the event's id in the ledger's documents",
  },
  mapping: {
    setting: SETTINGS.mapping,
    flags: "--mapping <name>",
    sentence:
      "how records of another form become events: debezium, maxwell, dms, dynamodb or a mapping file (docs/guides/mapping.md)",
  },
  masking: {
    setting: SETTINGS.maskingFile,
    flags: "--masking <file>",
    sentence: "masking rules, JSON or Ion, with the key MASKING_KEY for hashes",
  },
  createTables: {
    setting: SETTINGS.createTables,
    flags: "--no-create-tables",
    sentence: "create no tables or indexes, and reject events that need them",
    says: "false",
  },
  startMidHistory: {
    setting: SETTINGS.startMidHistory,
    flags: "--start-mid-history",
    sentence: "accept records whose first event has a version above 0",
    says: "true",
  },
  lenient: {
    setting: SETTINGS.strictness,
    flags: "--lenient",
    sentence: "for repair: skip updates and deletions of missing records",
    says: "false",
  },
  sessions: {
    setting: SETTINGS.sessionsMax,
    flags: "--sessions <number>",
    sentence: "the number of concurrent transactions",
  },
  maxDocumentBytes: {
    setting: SETTINGS.documentBytesMax,
    flags: "--max-document-bytes <number>",
    sentence: "the ledger's limit for a document",
  },
  maxTransactionDocuments: {
    setting: SETTINGS.documentsPerTransactionMax,
    flags: "--max-transaction-documents <number>",
    sentence: "the ledger's limit for the documents of a transaction",
  },
  logIds: {
    setting: SETTINGS.logIds,
    flags: "--log-ids <form>",
    sentence: "record ids in log lines: plain or hash",
  },
};

/** Declares {@link IdFieldOptions}, for every command that must know where ids are kept. */
export const ID_FIELD_OPTIONS: readonly OptionSpec[] = [
  toOption(VIEWS.idField),
  {
    flags: "--id-fields <file>",
    description:
      'a file with this field for each table, JSON or Ion as {"Vehicle": "vin"}, or Java properties. --id-field is for all other tables. ' +
      "Environment: TABLE_ID_FIELDS_FILE or TABLE_ID_FIELDS, with REVISION_WRITER=TableMapperRevisionWriter",
  },
];

/** Declares `--mapping` and `--masking`, for every command that must know what a replay made of revisions. */
export const CHANGE_OPTIONS: readonly OptionSpec[] = [
  {
    flags: VIEWS.mapping.flags.replace("<name>", "<file>"),
    description: "the mapping file of the replay (docs/guides/mapping.md)",
  },
  toOption(VIEWS.masking),
];

/** Declares {@link LoaderSettingOptions}, for every command that writes into a ledger. */
export const LOADER_SETTING_OPTIONS: readonly OptionSpec[] = [
  ...ID_FIELD_OPTIONS,
  ...Object.values(VIEWS)
    .filter((view) => view !== VIEWS.idField)
    .map(toOption),
];

/** The text of `--help` about settings that have no option. */
export const SETTINGS_NOTE =
  "Settings of the loader without an option, such as REVISION_WRITER, come from the environment (docs/reference/configuration.md).";

/** A command's own values of settings, next to the options of all. */
export interface CommandSettings {
  /** Weaker than the environment. */
  readonly defaults?: Environment;
  /** Stronger than the environment. */
  readonly said?: Environment;
}

/**
 * The loader's configuration: what the options say, else the environment, else the defaults.
 *
 * No option takes the place of a writer: what `--id-field` and `--id-fields` name is given to the one that is configured.
 *
 * @throws ConfigurationError naming every setting that cannot be read.
 */
export async function loaderConfigFrom(
  env: Environment,
  options: LoaderSettingOptions,
  ledgerName: string,
  { defaults = {}, said = {} }: CommandSettings = {},
): Promise<LoaderConfig> {
  const parsed = parseConfig({
    // As all commands that load: a ledger that was just created has no tables.
    [SETTINGS.createTables.name]: "true",
    ...given(defaults),
    ...given(env),
    ...given(settingsOf(options)),
    ...given(said),
    [SETTINGS.ledgerName.name]: ledgerName,
  });
  const config = await resolveIdFields(parsed);
  return { ...config, ...(await idFieldsFrom(config, options)) };
}

/** The flags of loader settings that were given. A mapping is none: events are mapped before they are sent. */
export function givenFlags({ mapping: _, ...options }: LoaderSettingOptions): readonly string[] {
  const flags = givenViews(options).map(([{ flags: declared }]) => declared.split(" ")[0] ?? "");
  return options.idFields === undefined ? flags : [...flags, "--id-fields"];
}

function settingsOf(options: LoaderSettingOptions): Environment {
  const entries = givenViews(options).map(([{ setting, says }, value]) => [setting.name, says ?? value]);
  return Object.fromEntries(entries) as Environment;
}

function givenViews(options: LoaderSettingOptions): readonly (readonly [SettingView, string])[] {
  return Object.entries(VIEWS).flatMap(([key, view]) => {
    const value = options[key as keyof typeof VIEWS];
    // Commander says `true` where a flag that begins with --no is absent.
    const isAbsent = value === undefined || (view.flags.startsWith("--no-") && value === true);
    return isAbsent ? [] : [[view, String(value)] as const];
  });
}

async function idFieldsFrom(
  { revisionWriter, idField, tableIdFields }: LoaderConfig,
  options: IdFieldOptions,
): Promise<Partial<LoaderConfig>> {
  if (options.idField === undefined && options.idFields === undefined) return {};
  const isOneField = revisionWriter === "BaseRevisionWriter";
  const named = options.idFields === undefined ? {} : await readIdFields(options.idFields);
  return {
    // The two writers differ in nothing but whether the field is the same in every table.
    ...(isOneField && options.idFields !== undefined ? { revisionWriter: "TableMapperRevisionWriter" } : {}),
    tableIdFields: {
      ...(isOneField ? { "*": idField } : tableIdFields),
      ...withoutUndefined({ "*": options.idField }),
      ...named,
    },
  };
}

async function readIdFields(path: string): Promise<Readonly<Record<string, string>>> {
  const content = await readNamedFile(path, "a map of tables to id fields");
  return parseIdFields(Buffer.from(content).toString(), path);
}

function toOption({ setting, flags, sentence, says }: SettingView): OptionSpec {
  if (says !== undefined) return { flags, description: `${sentence}. Environment: ${setting.name}=${says}` };
  const names = [setting.name, ...(setting.alias === undefined ? [] : [setting.alias])].join(" or ");
  const { defaultValue } = setting;
  const standard = defaultValue === undefined ? "" : ` Default: ${formatValue(setting, defaultValue)}.`;
  return {
    flags,
    description: `${sentence}.${standard} Environment: ${names}`,
    parse: (text) => checked(setting, flags, text),
  };
}

/** The text, if the setting takes it: an error names what was typed and not the variable. */
function checked(setting: ReadSetting, flags: string, text: string): string {
  if (setting.parse(text) !== undefined) return text;
  const [flag = ""] = flags.split(" ");
  throw new UsageError(`expected ${flag} to be ${setting.accepts}, found ${JSON.stringify(text)}`);
}

/** Without what is not set; an empty variable counts as one that is not set. */
function given(values: Environment): Environment {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => (value ?? "") !== ""));
}
