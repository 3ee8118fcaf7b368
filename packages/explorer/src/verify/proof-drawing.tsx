// SPDX-License-Identifier: MIT
import { hashesEqual, type Hash } from "@ledger-loader/ion";
import type { JSX } from "preact";
import { shortHash } from "../parts/short-hash";
import type { PathStep } from "./proof-path";
import type { PageVerification } from "./verify-in-page";

const WIDTH = 476;
const BOX_WIDTH = 218;
const BOX_HEIGHT = 44;
const STEP = 78;
const MARGIN = 8;
/** Where the boxes of the path and of the neighbours begin. */
const PATH_X = MARGIN;
const NEIGHBOUR_X = WIDTH - BOX_WIDTH - MARGIN;

/** Draws the path from the hash of the content, at the bottom, to the digest at the top. */
export function ProofDrawing({ found }: { readonly found: PageVerification }): JSX.Element {
  const { steps, startHash, statedHash, digest, kind } = found;
  const height = steps.length * STEP + BOX_HEIGHT + 2 * MARGIN;
  const yOf = (level: number): number => height - MARGIN - BOX_HEIGHT - level * STEP;
  const reached = steps.at(-1)?.resultHash ?? startHash;
  const isReached = hashesEqual(reached, digest.hash);
  const isContentRight = hashesEqual(startHash, statedHash);
  return (
    <figure class="proof">
      <figcaption>
        The path of the proof, from the bottom up: each hash of the path and its neighbour give the next one.
      </figcaption>
      <div class="drawing" tabIndex={0} role="region" aria-label="The path of the proof">
        <svg viewBox={`0 0 ${WIDTH} ${height}`} role="img" aria-label={summaryOf(found, isReached)}>
          {steps.map((step, at) => (
            <Step key={at} step={step} y={yOf(at)} />
          ))}
          <Box
            x={PATH_X}
            y={yOf(0)}
            title={isContentRight ? kind : `${kind}: not as in the journal`}
            hash={startHash}
            look={isContentRight ? "start" : "wrong"}
          />
          {steps.map((step, at) => {
            const isEnd = at === steps.length - 1;
            return (
              <Box
                key={at}
                x={PATH_X}
                y={yOf(at + 1)}
                title={isEnd && !isReached ? "not the digest" : step.result}
                hash={step.resultHash}
                look={isEnd ? (isReached ? "reached" : "wrong") : "path"}
              />
            );
          })}
        </svg>
      </div>
    </figure>
  );
}

function summaryOf({ steps, kind, digest }: PageVerification, isReached: boolean): string {
  const end = isReached ? "leads to the digest" : "does not lead to the digest";
  return `A path of ${steps.length} steps from the hash of the ${kind} ${end} of blocks 0 to ${digest.tipAddress.sequenceNo}.`;
}

/** The neighbour of a hash, and the lines from both to the hash above. */
function Step({ step, y }: { readonly step: PathStep; readonly y: number }): JSX.Element {
  const top = y - STEP + BOX_HEIGHT;
  const pathX = PATH_X + BOX_WIDTH / 2;
  const neighbourX = NEIGHBOUR_X + BOX_WIDTH / 2;
  const middle = (y + top) / 2;
  return (
    <>
      <path class="edge" d={`M ${pathX} ${y} V ${top}`} />
      <path class="edge" d={`M ${neighbourX} ${y} V ${middle} H ${pathX}`} />
      <circle class="joint" cx={pathX} cy={middle} r={4} />
      <Box x={NEIGHBOUR_X} y={y} title={step.neighbour} hash={step.neighbourHash} look="neighbour" />
    </>
  );
}

function Box({
  x,
  y,
  title,
  hash,
  look,
}: {
  readonly x: number;
  readonly y: number;
  readonly title: string;
  readonly hash: Hash;
  readonly look: "start" | "path" | "neighbour" | "reached" | "wrong";
}): JSX.Element {
  return (
    <g class={`box ${look}`}>
      <rect x={x} y={y} width={BOX_WIDTH} height={BOX_HEIGHT} rx={6} />
      <text x={x + 12} y={y + 18} class="box-title">
        {title}
      </text>
      <text x={x + 12} y={y + 35} class="box-hash">
        {shortHash(hash)}
      </text>
    </g>
  );
}
