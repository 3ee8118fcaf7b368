// SPDX-License-Identifier: MIT
import { IonTypes, makeBinaryWriter, makeTextWriter, Timestamp, type Writer } from "ion-js";

/** The two formats that are written. QLDB's third, JSON, cannot be verified. */
export type ExportFormat = "ion-text" | "ion-binary";

/** The content of the started manifest: the request that QLDB would have received. */
export interface ExportRequest {
  readonly ledgerName: string;
  readonly exportId: string;
  readonly inclusiveStartTime: Date;
  readonly exclusiveEndTime: Date;
  readonly bucket: string;
  readonly prefix: string;
  /** @defaultValue `"NO_ENCRYPTION"` */
  readonly objectEncryptionType?: "NO_ENCRYPTION" | "SSE_S3" | "SSE_KMS" | undefined;
}

/** The content of `<prefix><exportId>.started.manifest`. */
export function encodeStartedManifest(request: ExportRequest, format: ExportFormat): Uint8Array {
  return encode(format, (writer) => {
    const text = (field: string, value: string): void => {
      writer.writeFieldName(field);
      writer.writeString(value);
    };
    const time = (field: string, value: Date): void => {
      writer.writeFieldName(field);
      writer.writeTimestamp(Timestamp.parse(value.toISOString()));
    };
    text("ledgerName", request.ledgerName);
    text("exportId", request.exportId);
    time("inclusiveStartTime", request.inclusiveStartTime);
    time("exclusiveEndTime", request.exclusiveEndTime);
    text("bucket", request.bucket);
    text("prefix", request.prefix);
    text("objectEncryptionType", request.objectEncryptionType ?? "NO_ENCRYPTION");
    text("outputFormat", format === "ion-text" ? "ION_TEXT" : "ION_BINARY");
  });
}

/** The content of `<prefix><exportId>.<strandId>.completed.manifest`. */
export function encodeCompletedManifest(keys: readonly string[], format: ExportFormat): Uint8Array {
  return encode(format, (writer) => {
    writer.writeFieldName("keys");
    writer.stepIn(IonTypes.LIST);
    for (const key of keys) writer.writeString(key);
    writer.stepOut();
  });
}

/** Manifests follow the format of the export. */
function encode(format: ExportFormat, writeFields: (writer: Writer) => void): Uint8Array {
  const writer = format === "ion-text" ? makeTextWriter() : makeBinaryWriter();
  writer.stepIn(IonTypes.STRUCT);
  writeFields(writer);
  writer.stepOut();
  writer.close();
  return writer.getBytes();
}
