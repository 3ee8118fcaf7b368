// SPDX-License-Identifier: MIT
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { parseTranscripts, replayTranscript } from "../test/transcript";

const FOLDER = join(__dirname, "../test/transcripts");

describe.each(readdirSync(FOLDER))("transcript %s", (file) => {
  const transcripts = parseTranscripts(readFileSync(join(FOLDER, file), "utf8"));

  it.each(transcripts)("$title", async (transcript) => {
    expect(await replayTranscript(transcript)).toBe(transcript.text);
  });
});
