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
  return [
    `## \`${setting.name}\`${alias}`,
    "",
    setting.meaning,
    "",
    `- Accepts: ${setting.accepts.replace(/\*/g, "\\*")}. Default: ${describeDefault(setting)}.`,
    ...(setting.tradeOff.startsWith("None") ? [] : [`- Trade-off: ${setting.tradeOff}`]),
    "",
  ].join("\n");
}

function describeDefault(setting: Setting<unknown>): string {
  if (!("defaultValue" in setting)) return "none; it must be set";
  const { defaultValue } = setting;
  if (defaultValue === undefined) return "not set";
  if (setting.name === "STRICT_MODE") return "`true`";
  if (typeof defaultValue !== "object") return `\`${JSON.stringify(defaultValue).replace(/^"|"$/g, "")}\``;
  const pairs = Object.entries(defaultValue ?? {}).map(([table, field]) => `${table}=${String(field)}`);
  return `\`${pairs.join(",")}\``;
}
