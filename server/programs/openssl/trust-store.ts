import { attempt, Errno, errnoNumber, join } from "../../sim/host/index.ts";
import type { Certificate } from "../../sim/kube/pki/index.ts";
import type { Call } from "./call.ts";
import { openErrors, queued } from "./failure.ts";
import { certificateFromDer, certificatesIn } from "./load.ts";
import { opensslVersion } from "./release.ts";
import { toUint8Array } from "../../sim/kernel/index.ts";

/** What update-ca-certificates puts together; stands for the hashed links of the same directory where there are none. */
const BUNDLE = "/etc/ssl/certs/ca-certificates.crt";

/** Options of all programs that verify (apps/include/opt.h OPT_V_OPTIONS and those of the store). */
export const VERIFY_OPTIONS = ` CAfile < File of trusted certificates
 CApath s Directory of trusted certificates
 CAstore s URI of trusted certificates
 no-CAfile - Does not read the default file
 no-CApath - Does not read the default directory
 no-CAstore - Does not read the default store
 purpose s What the certificate must be for
 verify_hostname s Host that it must be for
 verify_email s Mail address that it must be for
 verify_ip s Address that it must be for
 verify_depth n How many authorities may stand between
 attime M Checks as if it were that second since 1970
 no_check_time - Does not check times
 partial_chain - A trusted certificate need not be self-signed
 x509_strict - Checks more
 check_ss_sig - Checks signatures of roots
 trusted_first - Has no effect: trusted certificates are always looked for first
 ignore_critical - Ignores critical extensions that are unknown
 policy_check - Checks policies
 crl_check - Checks revocation lists
 crl_check_all - Checks revocation lists of all`;

/** Options of VERIFY_OPTIONS that are not simulated. */
export const NOT_SIMULATED: readonly string[] = ["CAstore", "x509_strict", "check_ss_sig", "policy_check", "crl_check", "crl_check_all"]; // prettier-ignore

/** The certificates that are trusted: of `-CAfile` and `-CApath`, or OpenSSL's own file and directory. */
export async function trustedCertificates(call: Call): Promise<Certificate[]> {
  const file = call.value("CAfile");
  const directory = call.value("CApath");
  const { prefix } = opensslVersion(call.process);
  const roots: Certificate[] = [];
  if (file !== undefined) roots.push(...(await trustedFile(call, file)));
  else if (!call.has("no-CAfile"))
    roots.push(...certificatesAt(call, call.process.env["SSL_CERT_FILE"] ?? `${prefix}/cert.pem`));
  if (directory !== undefined) roots.push(...hashed(call, directory));
  else if (!call.has("no-CApath")) {
    const found = hashed(call, call.process.env["SSL_CERT_DIR"] ?? `${prefix}/certs`);
    roots.push(...(found.length > 0 ? found : certificatesAt(call, BUNDLE)));
  }
  return roots;
}

async function trustedFile(call: Call, path: string): Promise<Certificate[]> {
  const text = await call.read(path);
  if (text instanceof Errno)
    throw call.failure(`Error loading file ${path}\n`, [
      ...openErrors(path, "r", text.message, errnoNumber(text.code)),
      queued("05880002", "x509 certificate routines", "X509_load_cert_crl_file_ex", "system lib", "../crypto/x509/by_file.c:229"),
    ]); // prettier-ignore
  const found = certificatesIn(text);
  if (found.length > 0) return found;
  throw call.failure(`Error loading file ${path}\n`, [
    queued("05800088", "x509 certificate routines", "X509_load_cert_crl_file_ex", "no certificate or crl found", "../crypto/x509/by_file.c:252"),
  ]); // prettier-ignore
}

function certificatesAt(call: Call, path: string): Certificate[] {
  const data = attempt(() => call.process.host.files.read(path, call.process));
  return data instanceof Errno ? [] : certificatesIn(data);
}

/** Files named by the hash of their subject: `9d66eef0.0`. */
function hashed(call: Call, directory: string): Certificate[] {
  const { files } = call.process.host;
  return directory.split(":").flatMap((path) => {
    const names = attempt(() => files.list(path, call.process));
    if (names instanceof Errno) return [];
    return names
      .filter((name) => /^[0-9a-f]{8}\.\d+$/.test(name))
      .flatMap((name) => {
        const data = attempt(() => files.read(join(path, name), call.process));
        if (data instanceof Errno) return [];
        const found = certificatesIn(data);
        const single = found.length > 0 ? undefined : certificateFromDer(toUint8Array(data));
        return single ? [single] : found;
      });
  });
}
