import { SECOND } from "../../../sim/kernel/index.ts";
import { humanDuration, type CertificateSigningRequest } from "../../../sim/kube/api/index.ts";
import { nameValues, parseRequestPem } from "../../../sim/kube/pki/index.ts";
import { GoError } from "../errors/go-error.ts";
import { labelText, longTime } from "./description.ts";
import type { DescribeSession, Subject } from "./session.ts";

/** kubectl pkg/describe CertificateSigningRequestDescriber */
export async function describeSigningRequest(session: DescribeSession, subject: Subject): Promise<string> {
  const object = await session.get<CertificateSigningRequest>(subject);
  const { metadata, spec } = object;
  const request = parseRequestPem(Buffer.from(spec.request ?? "", "base64").toString("latin1"));
  if ("error" in request) throw new GoError(`Error parsing CSR: ${request.error}`);
  const out = session.paper();
  out.field("Name", metadata.name);
  out.field("Labels", labelText(metadata.labels));
  out.field("Annotations", labelText(metadata.annotations));
  out.field("CreationTimestamp", longTime(metadata.creationTimestamp));
  out.field("Requesting User", spec.username ?? "");
  if (spec.signerName !== "") out.field("Signer", spec.signerName);
  if (spec.expirationSeconds !== undefined)
    out.field("Requested Duration", humanDuration(spec.expirationSeconds * SECOND));
  out.field("Status", statusText(object));
  const list = (name: string, values: readonly string[]): void => {
    if (values.length > 0) out.line(0, `\t${name}:\t${values.join("\n\t\t")}`);
  };
  const { subject: name, dnsNames, emails, uris, ipAddresses } = request;
  out.line(0, "Subject:");
  out.line(0, `\tCommon Name:\t${nameValues(name, "commonName").at(-1) ?? ""}`);
  out.line(0, `\tSerial Number:\t${nameValues(name, "serialNumber").at(-1) ?? ""}`);
  list("Organization", nameValues(name, "organization"));
  list("Organizational Unit", nameValues(name, "organizationalUnit"));
  list("Country", nameValues(name, "country"));
  list("Locality", nameValues(name, "locality"));
  list("Province", nameValues(name, "province"));
  if (dnsNames.length + emails.length + uris.length + ipAddresses.length > 0) {
    out.line(0, "Subject Alternative Names:");
    list("DNS Names", dnsNames);
    list("Email Addresses", emails);
    list("URIs", uris);
    list("IP Addresses", ipAddresses);
  }
  await session.events(out, object, "CertificateSigningRequest");
  return out.text;
}

function statusText({ status }: CertificateSigningRequest): string {
  const has = (type: string): boolean => (status.conditions ?? []).some((condition) => condition.type === type);
  const decided = has("Denied") ? "Denied" : has("Approved") ? "Approved" : "Pending";
  return `${decided}${has("Failed") ? ",Failed" : ""}${status.certificate ? ",Issued" : ""}`;
}
