// SPDX-License-Identifier: MIT
import {
  type BodyReader,
  decodeEvents,
  type DeadLetter,
  type DeliveryContent,
  type Environment,
  type EventMapping,
} from "@ledger-loader/core";
import { CHANNELS } from ".";
import type { BodyDecoder, LetterAccess } from "./channel";

/** Decodes a letter; `undefined` where nothing says how, so that it stays as it is. */
export type LetterDecoder = (letter: DeadLetter) => DeliveryContent | undefined;

/** How letters are read, by the channel that they name. */
const LETTERS: ReadonlyMap<string, LetterAccess> = new Map(
  Object.values(CHANNELS).flatMap(({ letters = {} }) => Object.entries(letters)),
);

/** Every channel whose letters can be redriven. */
export const LETTER_CHANNELS: readonly string[] = [...LETTERS.keys()];

/**
 * Makes the decoder of letters of every channel.
 *
 * What was mapped: the events that the letter keeps. With `anew`, the bytes, by the mapping and the settings in the environment,
 * which is for letters that could not be decoded and for a mapping that was corrected.
 *
 * @throws ConfigurationError, MapperNotFoundError, MappingFileError if the settings cannot be used.
 */
export async function createLetterDecoder(
  environment: Environment,
  anew: boolean,
  mapping?: EventMapping,
): Promise<LetterDecoder> {
  const decoders = await openDecoders(environment, anew);
  return ({ channel, body, beside, events }) => {
    // A channel of somebody's own may keep events, too.
    const mustDecode = anew && LETTERS.has(channel);
    if (events !== undefined && !mustDecode) return decodeEvents(events);
    const read: BodyReader | undefined = mapping && anew ? (bytes) => mapping.read(bytes, beside) : undefined;
    return decoders.get(channel)?.(body, read);
  };
}

/** Opens the decoders of bytes: without `anew`, those that need no mapping. */
async function openDecoders(
  environment: Environment,
  anew: boolean,
): Promise<ReadonlyMap<string, BodyDecoder>> {
  const decoders = new Map<string, BodyDecoder>();
  for (const [channel, access] of LETTERS) {
    const decode = await openDecoder(access, environment, anew);
    if (decode !== undefined) decoders.set(channel, decode);
  }
  return decoders;
}

async function openDecoder(
  access: LetterAccess,
  environment: Environment,
  anew: boolean,
): Promise<BodyDecoder | undefined> {
  if ("decode" in access) return access.decode;
  return anew ? access.openDecoder(environment) : undefined;
}
