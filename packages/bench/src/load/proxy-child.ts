// SPDX-License-Identifier: MIT
import { answerParent } from "../child";
import { startDelayProxy, type DelayProxy } from "./delay-proxy";

/** The one request to the proxy's process. */
export interface ProxyRequest {
  readonly target: string;
  readonly delayMs: number;
}

/** A delay proxy in a process of its own, so that it takes no time from client or server. */
export function runProxyChild(): void {
  let proxy: DelayProxy | undefined;
  answerParent(
    async (message) => {
      const { target, delayMs } = message as ProxyRequest;
      proxy = await startDelayProxy(target, delayMs);
      return proxy.endpoint;
    },
    async () => {
      await proxy?.close();
    },
  );
}
