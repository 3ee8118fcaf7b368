// SPDX-License-Identifier: MIT
import {
  type JsonShape,
  jsonFlag,
  jsonHash,
  jsonList,
  jsonNullable,
  jsonOneOf,
  jsonOptional,
  jsonRecord,
  jsonStruct,
  jsonText,
  jsonWhole,
} from "../../json/json-shape";
import { jsonAnchorsShape } from "../anchor-json";
import {
  anchorResultShape,
  blockAddressShape,
  dataObjectHashShape,
  fileHashShape,
  findingShape,
  periodShape,
  rangeShape,
  revisionCountsShape,
  tableCountShape,
  tallyShape,
} from "../verification-shapes";
import { PARTIAL_FORMAT, PARTIAL_VERSION, type PartialVerification } from "./partial-verification";
import type {
  FindingSegment,
  ObjectRun,
  OpeningVerification,
  PartAnchor,
  PartNode,
  PartOpening,
  PartTip,
  PartTree,
  VerificationPart,
} from "./verification-part";

const nodes = jsonList(jsonStruct<PartNode>({ level: jsonWhole, index: jsonWhole, hash: jsonHash }));

const segment = jsonStruct<FindingSegment>({
  findings: jsonList(findingShape),
  totals: jsonStruct<FindingSegment["totals"]>({
    failed: jsonWhole,
    "not-comparable": jsonWhole,
    incomplete: jsonWhole,
    warning: jsonWhole,
  }),
  counts: jsonRecord(jsonWhole),
});

const opened = jsonStruct<OpeningVerification>({ findings: jsonList(findingShape), tally: tallyShape });

const opening = jsonStruct<PartOpening>({
  blockAddress: blockAddressShape,
  previousBlockHash: jsonOptional(jsonText),
  blockTimestamp: jsonText,
  key: jsonText,
  expected: jsonOptional(jsonWhole),
  isLinked: jsonFlag,
  isSealed: jsonFlag,
  alone: opened,
  afterSealed: jsonOptional(opened),
});

const tip = jsonStruct<PartTip>({
  blockAddress: blockAddressShape,
  blockHash: jsonText,
  blockTimestamp: jsonText,
});

const digestAnchor = jsonStruct<Extract<PartAnchor, { kind: "digest" }>>({
  kind: jsonOneOf("digest"),
  digest: jsonWhole,
  nodes: jsonNullable(nodes),
});

const proofAnchor = jsonStruct<Extract<PartAnchor, { kind: "proof" }>>({
  kind: jsonOneOf("proof"),
  result: anchorResultShape,
});

const anchor: JsonShape<PartAnchor> = (value, path) => {
  const { kind } = jsonStruct<Pick<PartAnchor, "kind">>({ kind: jsonOneOf("digest", "proof") })(value, path);
  return kind === "digest" ? digestAnchor(value, path) : proofAnchor(value, path);
};

const part = jsonStruct<VerificationPart>({
  objects: jsonStruct<ObjectRun>({ from: jsonWhole, to: jsonWhole }),
  before: segment,
  opening: jsonOptional(opening),
  after: segment,
  tip: (value, path) => (value === null || value === "unchanged" ? value : tip(value, path)),
  endsSealed: jsonOptional(jsonFlag),
  hasUnsealed: jsonFlag,
  range: jsonOptional(rangeShape),
  period: jsonOptional(periodShape),
  blocks: jsonWhole,
  bytes: jsonWhole,
  revisions: revisionCountsShape,
  tally: tallyShape,
  tables: jsonList(tableCountShape),
  dataObjects: jsonList(dataObjectHashShape),
  anchors: jsonList(anchor),
  tree: jsonStruct<PartTree>({ start: jsonWhole, nodes, isBroken: jsonFlag }),
});

/** The JSON form of a partial verification. */
export const partialShape: JsonShape<PartialVerification> = jsonStruct<PartialVerification>({
  format: jsonOneOf(PARTIAL_FORMAT),
  version: jsonOneOf(PARTIAL_VERSION),
  export: jsonStruct<PartialVerification["export"]>({
    checkedAt: jsonText,
    ledgerName: jsonOptional(jsonText),
    exportIds: jsonList(jsonText),
    strandId: jsonOptional(jsonText),
    manifests: jsonList(fileHashShape),
    objects: jsonWhole,
    maxFindings: jsonWhole,
    anchors: jsonAnchorsShape,
  }),
  blocks: rangeShape,
  part,
});
