// SPDX-License-Identifier: MIT
import { pathOf } from "./control-plane";
import { sendForJson } from "./server";

/** An export of the journal into a bucket. */
export interface JournalExport {
  readonly exportId: string;
  readonly status: string;
  readonly createdAt: Date;
  /** `s3://BUCKET/PREFIX` */
  readonly place: string;
  readonly format: string;
}

/** The blocks to export, and the place. */
export interface ExportRequest {
  readonly bucket: string;
  readonly prefix: string;
  readonly format: "ION_TEXT" | "ION_BINARY";
}

/** The server does not assume the role. The API asks for one. */
const ROLE = "arn:aws:iam::000000000000:role/explorer";

/** The newest exports of a ledger. @throws ServerError */
export async function listExports(ledger: string): Promise<readonly JournalExport[]> {
  const answer = await sendForJson({ method: "GET", path: pathOf(ledger, "journal-s3-exports") });
  return (answer["JournalS3Exports"] as Answer[]).map((each) => ({
    exportId: each.ExportId,
    status: each.Status,
    createdAt: new Date(each.ExportCreationTime * 1000),
    place: `s3://${each.S3ExportConfiguration.Bucket}/${each.S3ExportConfiguration.Prefix}`,
    format: each.OutputFormat,
  }));
}

/** Exports the whole journal as it is now. @throws ServerError */
export async function startExport(
  ledger: string,
  { createdAt, ...request }: ExportRequest & { readonly createdAt: Date | undefined },
): Promise<void> {
  const body = {
    InclusiveStartTime: Math.floor((createdAt?.getTime() ?? 0) / 1000),
    ExclusiveEndTime: Math.floor(Date.now() / 1000),
    RoleArn: ROLE,
    OutputFormat: request.format,
    S3ExportConfiguration: {
      Bucket: request.bucket,
      Prefix: request.prefix,
      EncryptionConfiguration: { ObjectEncryptionType: "NO_ENCRYPTION" },
    },
  };
  await sendForJson({ method: "POST", path: pathOf(ledger, "journal-s3-exports"), body });
}

interface Answer {
  readonly ExportId: string;
  readonly Status: string;
  readonly ExportCreationTime: number;
  readonly OutputFormat: string;
  readonly S3ExportConfiguration: { readonly Bucket: string; readonly Prefix: string };
}
