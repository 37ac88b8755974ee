import type { CertificateSigningRequest } from "../../api/index.ts";
import { commonName, organizations, parseRequestPem, type CertificateRequest } from "../../pki/index.ts";

/** What requests of kubelets must look like (pkg/apis/certificates/helpers.go). */

const KEY_USAGES = ["digital signature", "key encipherment"];

export function requestOf({ spec }: CertificateSigningRequest): CertificateRequest | { readonly error: string } {
  return parseRequestPem(Buffer.from(spec.request ?? "", "base64").toString("latin1"));
}

export function hasCondition({ status }: CertificateSigningRequest, type: string): boolean {
  return status.conditions?.some((condition) => condition.type === type && condition.status === "True") ?? false;
}

export function kubeletServingProblem(request: CertificateRequest, usages: readonly string[]): string | undefined {
  if (!isOfNodes(request)) return "subject organization is not system:nodes";
  if (request.dnsNames.length + request.ipAddresses.length === 0) return "DNS or IP subjectAltName is required";
  if (request.emails.length > 0) return "Email subjectAltNames are not allowed";
  if (request.uris.length > 0) return "URI subjectAltNames are not allowed";
  return usagesProblem(usages, "server auth") ?? nodeNameProblem(request);
}

export function kubeletClientProblem(request: CertificateRequest, usages: readonly string[]): string | undefined {
  if (!isOfNodes(request)) return "subject organization is not system:nodes";
  if (request.dnsNames.length > 0) return "DNS subjectAltNames are not allowed";
  if (request.emails.length > 0) return "Email subjectAltNames are not allowed";
  if (request.ipAddresses.length > 0) return "IP subjectAltNames are not allowed";
  if (request.uris.length > 0) return "URI subjectAltNames are not allowed";
  return nodeNameProblem(request) ?? usagesProblem(usages, "client auth");
}

export function clientProblem(usages: readonly string[]): string | undefined {
  const other = usages.find((usage) => usage !== "client auth" && !KEY_USAGES.includes(usage));
  if (other !== undefined) return `invalid usage for client certificate: ${other}`;
  return usages.includes("client auth") ? undefined : "missing required usage for client certificate: client auth";
}

function isOfNodes({ subject }: CertificateRequest): boolean {
  const groups = organizations(subject);
  return groups.length === 1 && groups[0] === "system:nodes";
}

function nodeNameProblem({ subject }: CertificateRequest): string | undefined {
  const named = commonName(subject).startsWith("system:node:");
  return named ? undefined : "subject common name does not begin with system:node:";
}

/** Key encipherment is for RSA, and may be missing. */
function usagesProblem(usages: readonly string[], purpose: string): string | undefined {
  const needed = ["digital signature", purpose];
  const allowed = [...KEY_USAGES, purpose];
  const fine = needed.every((one) => usages.includes(one)) && usages.every((one) => allowed.includes(one));
  return fine ? undefined : `usages did not match [${[...allowed].sort().join(" ")}]`;
}
