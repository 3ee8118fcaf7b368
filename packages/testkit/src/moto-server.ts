// SPDX-License-Identifier: MIT
import path from "node:path";
import { freePorts } from "./peers/free-port";
import { serviceFolder, startGuardedProcess } from "./peers/guarded-process";
import { requirePeer } from "./peers/peer-availability";

const SERVER = path.join(__dirname, "..", "emulator", "moto-server.py");

/** moto: many AWS services on one port, in memory. CloudFormation creates resources in them; Lambda code is not run. */
export interface MotoServer {
  /** `http://127.0.0.1:PORT` */
  readonly endpoint: string;
  /** The configuration with which any AWS client reaches it. */
  readonly clientConfig: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
  /** Ends the process; what it held is gone. */
  close(): Promise<void>;
}

/**
 * Starts moto on a free port of the loopback interface.
 *
 * Lambda functions can be created and mapped to event sources, but invoking one would need Docker: run their code with
 * `startLambda`.
 *
 * @throws TestServiceError if `peerAvailability("moto")` says no, or it does not start
 */
export async function startMoto(): Promise<MotoServer> {
  const modules = path.join(requirePeer("moto"), "lib");
  const [port = 0] = await freePorts(1);
  const endpoint = `http://127.0.0.1:${port}`;
  const server = await startGuardedProcess({
    name: "moto",
    command: "python3",
    args: [SERVER, "-H", "127.0.0.1", "-p", String(port)],
    env: { ...process.env, PYTHONPATH: modules, PYTHONDONTWRITEBYTECODE: "1" },
    folder: serviceFolder("moto"),
    isReady: async () => (await fetch(`${endpoint}/moto-api/data.json`)).ok,
  });
  return {
    endpoint,
    clientConfig: {
      endpoint,
      region: "us-east-1",
      credentials: { accessKeyId: "moto", secretAccessKey: "moto" },
    },
    close: () => server.close(),
  };
}
