// SPDX-License-Identifier: MIT
import { SETTINGS, type Setting } from "./config-settings";

/** The reference page of the configuration, as Markdown. A test compares it with `docs/reference/configuration.md`. */
export function renderConfigReference(): string {
  return [
    "# Configuration",
    "",
    "<!-- Generated from packages/core/src/config/config-settings.ts; a test keeps it up to date. -->",
    "",
    "For operators. The loader reads these environment variables once, at cold start, and reports all problems together.",
    "",
    renderSettings(SETTINGS),
  ].join("\n");
}

/** The sections of settings, each under a heading of the second level. Channels document their own with it. */
export function renderSettings(settings: object): string {
  const sections = Object.values<Setting<unknown>>(settings as Record<string, Setting<unknown>>);
  return sections.map(renderSetting).join("\n");
}

function renderSetting(setting: Setting<unknown>): string {
  const alias = setting.alias === undefined ? "" : ` (or \`${setting.alias}\`)`;
  const tradeOff = setting.tradeOff.startsWith("None") ? [] : [setting.tradeOff];
  return [
    `## \`${setting.name}\`${alias}`,
    "",
    [setting.meaning, ...tradeOff].join(" "),
    "",
    `- ${describeValues(setting)}`,
    "",
  ].join("\n");
}

function describeValues(setting: Setting<unknown>): string {
  const default_ = describeDefault(setting);
  // A default of true or false shows what the setting takes.
  const accepted = /`(true|false)`/.test(default_) ? "" : `${describeAccepted(setting.accepts)}.`;
  return [accepted, default_].filter(Boolean).join(" ");
}

/** The values that a setting or parameter takes, for a reference: `1 to 1500`. */
export function describeAccepted(accepts: string): string {
  return accepts.replace(/\*/g, "\\*").replace(/^an integer from /, "");
}

function describeDefault(setting: Setting<unknown>): string {
  if (!("defaultValue" in setting)) return "Required.";
  const { defaultValue } = setting;
  return defaultValue === undefined ? "" : `Default: ${formatDefault(setting.name, defaultValue)}.`;
}

function formatDefault(name: string, defaultValue: unknown): string {
  if (name === "STRICT_MODE") return "`true`";
  if (typeof defaultValue !== "object") return `\`${JSON.stringify(defaultValue).replace(/^"|"$/g, "")}\``;
  const pairs = Object.entries(defaultValue ?? {}).map(([table, field]) => `${table}=${String(field)}`);
  return `\`${pairs.join(",")}\``;
}
