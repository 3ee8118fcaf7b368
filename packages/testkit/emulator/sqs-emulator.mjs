// SPDX-License-Identifier: MIT
// Runs fauxqs in a process of its own: it is published as an ES module only, which Jest's module loader cannot require.
// Started by `startSqs` with an IPC channel; it tells its port over that channel and ends when the channel closes,
// so it never outlives the process that started it.
import { buildApp } from "fauxqs";

const app = buildApp({ logger: false });
// `startFauxqs` would listen on every network interface.
await app.listen({ port: 0, host: "127.0.0.1" });

process.on("disconnect", () => process.exit(0));
process.send({ port: app.server.address().port });
