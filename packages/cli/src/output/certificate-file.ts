// SPDX-License-Identifier: MIT
import {
  type Certificate,
  type CertificateCheck,
  type ParsedCertificate,
  certificatePage,
  parseCertificate,
} from "@ledger-loader/move";
import { readNamedFile } from "../files";
import { VERSION } from "../program-name";

const PAGE = /\.html?$/i;

/** A certificate that was read from its JSON, and what holds of the page if the page was named. */
export interface CertificateFile {
  readonly parsed: ParsedCertificate;
  readonly page: CertificateCheck | undefined;
}

/** Reads the certificate that the command line names. A page is compared with what the JSON beside it gives. */
export async function readCertificateFile(path: string): Promise<CertificateFile> {
  const isPage = PAGE.test(path);
  const jsonPath = path.replace(PAGE, ".json");
  const content = await readNamedFile(
    jsonPath,
    isPage ? "the JSON of the certificate, beside its page" : "a certificate",
  );
  const parsed = parseCertificate(Buffer.from(content).toString("utf8"), jsonPath);
  if (!isPage) return { parsed, page: undefined };
  const page = Buffer.from(await readNamedFile(path, "the page of a certificate")).toString("utf8");
  return { parsed, page: checkPage(page, parsed.certificate) };
}

function checkPage(page: string, certificate: Certificate): CertificateCheck {
  if (page === certificatePage(certificate)) {
    return { what: "page", status: "verified", detail: "The page shows what the JSON beside it holds." };
  }
  const { version } = certificate.report.tool;
  return version === VERSION
    ? { what: "page", status: "failed", detail: "The page shows something else than the JSON beside it." }
    : {
        what: "page",
        status: "unchecked",
        detail: `The page was made by version ${version}, this is ${VERSION}: check the JSON and read that.`,
      };
}
