// SPDX-License-Identifier: MIT
export { decodeDetail, decodeEventBridgeLetter } from "./decode-detail";
export type { EventDetail } from "./decode-detail";
export { EventBusUnavailableError } from "./eventbridge-errors";
export { createEventBridgeHandler } from "./handler";
export type { EventBridgeFunction, EventBridgeOptions, SubscriberPayload } from "./handler";
export { createEventBridgePublisher } from "./publisher";
export type { EventBridgePublisherOptions } from "./publisher";
export { DEFAULT_SOURCE, DETAIL_TYPE, rulePattern } from "./rule-pattern";
export type { RulePattern } from "./rule-pattern";
