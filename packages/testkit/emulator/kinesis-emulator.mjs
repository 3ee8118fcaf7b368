// SPDX-License-Identifier: MIT
// Runs kinesalite in a process of its own, so that its work does not hold up the tests'. Started by `startKinesis` with an
// IPC channel; it tells its port over that channel and ends when the channel closes.
import kinesalite from "kinesalite";

// Streams become active after these times: short, but not at once, as callers must wait for them in AWS too.
const server = kinesalite({ createStreamMs: 20, deleteStreamMs: 20, updateStreamMs: 20, shardLimit: 200 });
server.listen(0, "127.0.0.1", () => process.send({ port: server.address().port }));

process.on("disconnect", () => process.exit(0));
