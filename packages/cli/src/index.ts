// SPDX-License-Identifier: MIT
export {
  BucketRefusedError,
  BusRefusedError,
  FileError,
  QueueRefusedError,
  ServerRefusedError,
  ServerUnreachableError,
  StackRefusedError,
  StreamRefusedError,
  TopicRefusedError,
  UsageError,
} from "./cli-errors";
export type { NetworkFailure } from "./network-failure";
export { ExitCode } from "./output/exit-code";
export { renderReference } from "./reference";
export { runCli } from "./run-cli";
export { processTerminal } from "./output/terminal";
export type { OutputStream, Terminal } from "./output/terminal";
