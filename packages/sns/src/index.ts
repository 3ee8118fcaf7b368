// SPDX-License-Identifier: MIT
export { createSnsHandler } from "./handler";
export type { SnsHandler, SnsHandlerOptions } from "./handler";
export { createSnsPublisher } from "./publisher";
export type { SnsPublisherOptions } from "./publisher";
