#!/usr/bin/env node
// SPDX-License-Identifier: MIT
import { endOnBrokenPipe } from "./output/broken-pipe";
import { runCli } from "./run-cli";
import { processTerminal } from "./output/terminal";

// The AWS SDK would announce on every run which Node.js its coming versions need: of no use to whoever runs this one.
process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] ??= "true";

endOnBrokenPipe(process);
void runCli(process.argv.slice(2), processTerminal()).then((exitCode) => {
  // Not process.exit: what is still being written to a pipe must arrive.
  process.exitCode = exitCode;
});
