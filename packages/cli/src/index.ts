// SPDX-License-Identifier: MIT
export {
  BusRefusedError,
  FileError,
  QueueRefusedError,
  ServerRefusedError,
  ServerUnreachableError,
  StreamRefusedError,
  UsageError,
} from "./cli-errors";
export { ExitCode } from "./exit-code";
export { renderReference } from "./reference";
export { runCli } from "./run-cli";
export { processTerminal } from "./terminal";
export type { OutputStream, Terminal } from "./terminal";
