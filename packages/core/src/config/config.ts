// SPDX-License-Identifier: MIT
import { SETTINGS, type Setting } from "./config-settings";
import { ConfigurationError } from "../errors";

type ValueOf<S> = S extends Setting<infer T> ? T : never;

/** The values of declared settings, by the same names. */
export type SettingValues<S> = { readonly [K in keyof S]: ValueOf<S[K]> };

/** The loader's configuration: the values of all settings. */
export type LoaderConfig = SettingValues<typeof SETTINGS>;

/** Environment variables, as in `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the configuration from environment variables. An empty variable counts as one that is not set.
 *
 * @throws ConfigurationError naming every problem at once.
 */
export function parseConfig(environment: Environment): LoaderConfig {
  return parseSettings(SETTINGS, environment);
}

/**
 * Reads the settings that a channel or a program declares for itself, by the rules of {@link parseConfig}.
 *
 * @throws ConfigurationError naming every problem at once.
 */
export function parseSettings<S extends object>(settings: S, environment: Environment): SettingValues<S> {
  const problems: string[] = [];
  const entries = Object.entries<Setting<unknown>>(settings as Record<string, Setting<unknown>>).map(
    ([key, setting]) => {
      const value = readSetting(setting, environment, problems);
      return [key, value] as const;
    },
  );
  if (problems.length > 0) throw new ConfigurationError(problems);
  return Object.fromEntries(entries) as SettingValues<S>;
}

/**
 * Writes values as the environment variables that {@link parseSettings} reads; values that are `undefined` are left out.
 * Deployments are configured with it, so that names and forms are declared once.
 */
export function toEnvironment<S extends object>(
  settings: S,
  values: Partial<SettingValues<S>>,
): Readonly<Record<string, string>> {
  const declared = settings as Readonly<Record<string, Setting<unknown>>>;
  const entries = Object.entries(values as Readonly<Record<string, unknown>>).flatMap(([key, value]) => {
    const setting = declared[key];
    return setting === undefined || value === undefined ? [] : [[setting.name, formatValue(setting, value)]];
  });
  return Object.fromEntries(entries) as Record<string, string>;
}

/**
 * For channels that map their records by settings of their own.
 *
 * @param own - names those settings, for the message
 * @throws ConfigurationError if `MAPPING` is set: it would have no effect.
 */
export function refuseMapping(environment: Environment, own: string): void {
  const { name } = SETTINGS.mapping;
  const mapping = environment[name] ?? "";
  if (mapping === "") return;
  throw new ConfigurationError([
    `${name}: expected nothing, since this channel maps its records by ${own}, found ${JSON.stringify(mapping)}`,
  ]);
}

/** One value as the text of its environment variable. */
export function formatValue(setting: Setting<unknown>, value: unknown): string {
  return setting.format === undefined ? String(value) : setting.format(value as object);
}

function readSetting(setting: Setting<unknown>, environment: Environment, problems: string[]): unknown {
  const name = [setting.name, setting.alias ?? setting.name].find((each) => (environment[each] ?? "") !== "");
  if (name === undefined) {
    if (!("defaultValue" in setting))
      problems.push(`${setting.name}: expected ${setting.accepts}, found nothing`);
    return setting.defaultValue;
  }
  const text = environment[name] ?? "";
  const value = setting.parse(text);
  if (value === undefined) {
    const found = setting.secret === true ? "something else" : JSON.stringify(text);
    problems.push(`${name}: expected ${setting.accepts}, found ${found}`);
  }
  return value;
}
