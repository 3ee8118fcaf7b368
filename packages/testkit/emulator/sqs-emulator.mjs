// SPDX-License-Identifier: MIT
// Runs fauxqs in a process of its own: it is published as an ES module only, which Jest's module loader cannot require.
// Started by `startSqs` with an IPC channel; it tells its port over that channel and ends when the channel closes,
// so it never outlives the process that started it.
import { buildApp } from "fauxqs";

// The store is not exported. With a host name of its own it makes queue URLs of `sqs.REGION.localhost`, which does not
// resolve everywhere, and the SDK goes where the URL says unless a client names an endpoint.
const { SqsStore } = await import(new URL("sqs/sqsStore.js", import.meta.resolve("fauxqs")).href);
const sqsStore = new SqsStore();
sqsStore.host = undefined;

const app = buildApp({ logger: false, stores: { sqsStore } });
// `startFauxqs` would listen on every network interface.
await app.listen({ port: 0, host: "127.0.0.1" });

process.on("disconnect", () => process.exit(0));
process.send({ port: app.server.address().port });
