import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";

function openssl(folder: string, ...words: string[]): void {
  try {
    execFileSync("openssl", words, { cwd: folder, stdio: "pipe" });
  } catch (cause) {
    throw new Error(
      "these tests make certificates with openssl, which is missing or fails: install it (Debian: apt-get install openssl)",
      { cause },
    );
  }
}

const newKey = [
  ...["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"],
];

/** Makes `<name>.pem` and `<name>.key` in the folder: an authority of one's own. */
export function makeAuthority(folder: string, name: string): void {
  openssl(
    folder,
    ...["req", "-x509", ...newKey, "-keyout", `${name}.key`],
    ...["-out", `${name}.pem`, "-days", "2", "-subj", `/CN=${name}`],
  );
}

/** The same for a certificate that the authority signed, for names such as "DNS:localhost". */
export function makeCertificate(
  folder: string,
  name: string,
  { authority, names }: { authority: string; names: string },
): void {
  openssl(
    folder,
    ...["req", ...newKey, "-keyout", `${name}.key`],
    ...["-out", `${name}.csr`, "-subj", `/CN=${name}`],
  );
  writeFileSync(path.join(folder, `${name}.ext`), `subjectAltName=${names}\n`);
  openssl(
    folder,
    ...["x509", "-req", "-in", `${name}.csr`, "-out", `${name}.pem`],
    ...["-CA", `${authority}.pem`, "-CAkey", `${authority}.key`],
    ...["-CAcreateserial", "-days", "2", "-extfile", `${name}.ext`],
  );
}
