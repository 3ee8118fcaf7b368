// SPDX-License-Identifier: MIT
export {
  BucketRefusedError,
  BusRefusedError,
  ConnectionLostError,
  FileError,
  QueueRefusedError,
  ScriptError,
  ServerRefusedError,
  ServerUnreachableError,
  StackRefusedError,
  StatementCancelledError,
  StreamRefusedError,
  TopicRefusedError,
  TransactionLostError,
  UsageError,
} from "./cli-errors";
export type { NetworkFailure } from "./network-failure";
export { ExitCode } from "./output/exit-code";
export { renderReference } from "./reference";
export { runCli } from "./run-cli";
export { processTerminal } from "./output/terminal";
export type { OutputStream, Terminal } from "./output/terminal";
