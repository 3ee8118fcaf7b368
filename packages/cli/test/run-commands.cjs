// SPDX-License-Identifier: MIT
// Runs command lines by the built program in one process, which is not Jest's: there, the AWS SDK would not know Node.js's
// errors as errors. Started by `CommandProcess` with an IPC channel.
const { Readable } = require("node:stream");
const { runCli } = require("../dist/run-cli.js");

process.on("message", ({ id, words, env, stdin }) => {
  const written = { stdout: "", stderr: "" };
  const stream = (name) => ({
    write: (text) => {
      written[name] += text;
    },
  });
  const terminal = {
    stdin: Readable.from([Buffer.from(stdin)]),
    stdout: stream("stdout"),
    stderr: stream("stderr"),
    env: { ...process.env, ...env },
    onStop: () => () => undefined,
  };
  void runCli(words, terminal).then((exitCode) => process.send({ id, exitCode, ...written }));
});
