import {
  duplicate, forbidden, go, invalid, invalidEach, names, notSupported, required, sameJson, tooLong, type CertificateSigningRequest,
  type FieldErrors, type RequestCondition,
} from "../../api/index.ts"; // prettier-ignore
import { parseCertificatesPem, parseRequestPem, requestIsSigned } from "../../pki/index.ts";

const USAGES = [
  "any", "cert sign", "client auth", "code signing", "content commitment", "crl sign", "data encipherment", "decipher only",
  "digital signature", "email protection", "encipher only", "ipsec end system", "ipsec tunnel", "ipsec user", "key agreement",
  "key encipherment", "microsoft sgc", "netscape sgc", "ocsp signing", "s/mime", "server auth", "signing", "timestamping",
]; // prettier-ignore
const LEGACY = "kubernetes.io/legacy-unknown";
const MIN_SECONDS = 600;
const MAX_SIGNER = 253 + 1 + 253 + 63 + 1;
const DECISIONS = ["Approved", "Denied"];
const TRUE_ONLY = [...DECISIONS, "Failed"];
const CONDITIONS = "status.conditions";

export function pemOf(base64: string | null | undefined): string {
  return Buffer.from(base64 ?? "", "base64").toString("latin1");
}

/** pkg/apis/certificates/validation validateCertificateSigningRequest */
export function validateRequest({ spec, status }: CertificateSigningRequest): FieldErrors {
  const { usages = [], signerName, expirationSeconds } = spec;
  const found: FieldErrors = [];
  const problem = requestProblem(spec.request);
  if (problem !== undefined) found.push(invalid("spec.request", goBytes(spec.request), problem));
  if (usages.length === 0) found.push(required("spec.usages"));
  for (const [index, usage] of usages.entries())
    if (!USAGES.includes(usage)) found.push(notSupported(`spec.usages[${index}]`, usage, USAGES));
  for (const [index, usage] of usages.entries())
    if (usages.indexOf(usage) < index) found.push(duplicate(`spec.usages[${index}]`, usage));
  if (signerName === LEGACY)
    found.push(invalid("spec.signerName", signerName, "the legacy signerName is not allowed via this API version"));
  else found.push(...signerErrors(signerName, "spec.signerName"));
  if (expirationSeconds !== undefined && expirationSeconds < MIN_SECONDS)
    found.push(
      invalid(
        "spec.expirationSeconds",
        expirationSeconds,
        "may not specify a duration less than 600 seconds (10 minutes)",
      ),
    );
  return [...found, ...conditionErrors(status.conditions)];
}

/** What a change of one part may change; the other decisions and the certificate stay. */
export function validateRequestUpdate(
  next: CertificateSigningRequest,
  old: CertificateSigningRequest,
  part: "" | "status" | "approval",
): FieldErrors {
  const found = validateRequest(next);
  const of = ({ status }: CertificateSigningRequest, type: string): RequestCondition[] =>
    (status.conditions ?? []).filter((condition) => condition.type === type);
  for (const type of TRUE_ONLY)
    if (of(next, type).length < of(old, type).length)
      found.push(forbidden(CONDITIONS, `updates may not remove a condition of type "${type}"`));
  for (const type of part === "approval" ? [] : DECISIONS) {
    const [after, before] = [of(next, type), of(old, type)];
    if (after.length > before.length)
      found.push(forbidden(CONDITIONS, `updates may not add a condition of type "${type}"`));
    else if (after.length === before.length && !sameJson(after, before))
      found.push(forbidden(CONDITIONS, `updates may not modify a condition of type "${type}"`));
  }
  const { certificate } = next.status;
  if (certificate === old.status.certificate) return found;
  const path = "status.certificate";
  const bad = certificateProblem(certificate);
  if (bad !== undefined) found.push(invalid(path, "<certificate data>", bad));
  if (part !== "status") found.push(forbidden(path, "updates may not set certificate content"));
  else if (old.status.certificate) found.push(forbidden(path, "updates may not modify existing certificate content"));
  return found;
}

function requestProblem(base64: string | null): string | undefined {
  const request = parseRequestPem(pemOf(base64));
  if ("error" in request) return request.error;
  if (requestIsSigned(request)) return undefined;
  return request.publicKey.kind === "rsa" ? "crypto/rsa: verification error" : "x509: ECDSA verification failure";
}

function certificateProblem(base64: string | undefined): string | undefined {
  if (!base64) return undefined;
  const pem = pemOf(base64);
  const other = [...pem.matchAll(/-----BEGIN ([^-\n]+)-----/g)].find(([, label]) => label !== "CERTIFICATE");
  if (other) return `only CERTIFICATE PEM blocks are allowed, found "${other[1]!}"`;
  const certificates = parseCertificatesPem(pem);
  if ("error" in certificates) return certificates.error;
  return certificates.length === 0 ? "must contain at least one CERTIFICATE PEM block" : undefined;
}

/** `%#v` of a []byte. */
function goBytes(base64: string | null): ReturnType<typeof go> {
  if (!base64) return go("[]byte(nil)");
  return go(`[]byte{${[...Buffer.from(base64, "base64")].map((byte) => `0x${byte.toString(16)}`).join(", ")}}`);
}

/** pkg/apis/core/validation ValidateSignerName */
function signerErrors(signer: string, path: string): FieldErrors {
  if (signer === "") return [required(path)];
  const [domain = "", rest = "", ...more] = signer.split("/");
  if (!signer.includes("/") || more.length > 0)
    return [invalid(path, signer, "must be a fully qualified domain and path of the form 'example.com/signer-name'")];
  const labels = (text: string, rule: names.Rule): FieldErrors =>
    text.split(".").flatMap((label) =>
      invalidEach(
        path,
        text,
        rule(label).map((why) => `validating label "${label}": ${why}`),
      ),
    );
  const found: FieldErrors = domain.length > 253 ? [tooLong(path, 253)] : [];
  found.push(...labels(domain, names.label));
  if (!domain.includes("."))
    found.push(invalid(path, domain, "should be a domain with at least two segments separated by dots"));
  found.push(...labels(rest, names.subdomain));
  return signer.length > MAX_SIGNER ? [...found, tooLong(path, MAX_SIGNER)] : found;
}

function conditionErrors(conditions: readonly RequestCondition[] = []): FieldErrors {
  const found: FieldErrors = [];
  for (const [index, { type, status }] of conditions.entries()) {
    const at = `${CONDITIONS}[${index}]`;
    const before = conditions.slice(0, index).map((one) => one.type);
    const allowed = TRUE_ONLY.includes(type) ? ["True"] : ["False", "True", "Unknown"];
    if (type === "") found.push(required(`${at}.type`));
    if (status === "") found.push(required(`${at}.status`));
    else if (!allowed.includes(status)) found.push(notSupported(`${at}.status`, status, allowed));
    const opposite = DECISIONS.find((one) => one !== type)!;
    if (DECISIONS.includes(type) && before.includes(opposite))
      found.push(invalid(`${at}.type`, type, "Approved and Denied conditions are mutually exclusive"));
    if (before.includes(type)) found.push(duplicate(`${at}.type`, type));
  }
  return found;
}
