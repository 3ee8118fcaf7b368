// SPDX-License-Identifier: MIT
import { Duration } from "aws-cdk-lib";
import { StartingPosition, type EventSourceMappingOptions } from "aws-cdk-lib/aws-lambda";
import type {
  FILTER_PARAMETERS,
  MAPPING_PARAMETERS,
  POSITION_PARAMETERS,
} from "../parameters/mapping-parameters";
import type { ParameterValues } from "../parameters/parameter";

/** The options that say if Lambda polls, and for which events. Defaults stay out of the template. */
export function mappingOptions({
  enabled,
  filters,
}: ParameterValues<typeof MAPPING_PARAMETERS & typeof FILTER_PARAMETERS>): EventSourceMappingOptions {
  return {
    ...(enabled ? {} : { enabled }),
    ...(filters === undefined
      ? {}
      : { filters: filters.map((filter) => ({ pattern: JSON.stringify(filter) })) }),
  };
}

/** Where Lambda begins to read. */
export function positionOptions({
  startingPosition,
  startingTimestamp,
}: ParameterValues<typeof POSITION_PARAMETERS>): EventSourceMappingOptions {
  return {
    startingPosition: StartingPosition[startingPosition],
    ...(startingTimestamp === undefined
      ? {}
      : { startingPositionTimestamp: Date.parse(startingTimestamp) / 1_000 }),
  };
}

/** How long Lambda waits for a batch to fill. */
export function windowOptions({
  batchingWindowSeconds,
}: {
  readonly batchingWindowSeconds: number;
}): EventSourceMappingOptions {
  return batchingWindowSeconds === 0 ? {} : { maxBatchingWindow: Duration.seconds(batchingWindowSeconds) };
}
