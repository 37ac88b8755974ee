import ipaddr from "ipaddr.js";
import { nameValues, type Certificate } from "../../sim/kube/pki/index.ts";

/** X509_check_host: DNS names of the certificate, or the common name where it has none. */
export function isForHost(certificate: Certificate, host: string): boolean {
  const names = certificate.dnsNames.length > 0 ? certificate.dnsNames : nameValues(certificate.subject, "commonName");
  return names.some((pattern) => matches(pattern, host));
}

export function isForAddress(certificate: Certificate, address: string): boolean {
  const wanted = ipaddr.parse(address).toString();
  return certificate.ipAddresses.some((one) => one === wanted);
}

export function isForEmail(certificate: Certificate, email: string): boolean {
  const emails = certificate.emails.length > 0 ? certificate.emails : nameValues(certificate.subject, "emailAddress");
  const [local, domain = ""] = email.split("@") as [string, string?];
  return emails.some((one) => {
    const [theirs, at = ""] = one.split("@") as [string, string?];
    return theirs === local && at.toLowerCase() === domain.toLowerCase();
  });
}

/** A star stands for all or a part of the first label (crypto/x509/v3_utl.c equal_wildcard). */
function matches(pattern: string, host: string): boolean {
  const [wanted, given] = [pattern.toLowerCase(), host.toLowerCase()];
  if (wanted === given) return true;
  const star = wanted.indexOf("*");
  const dot = wanted.indexOf(".");
  if (star < 0 || dot < star || wanted.indexOf(".", dot + 1) < 0 || wanted.indexOf("*", star + 1) >= 0) return false;
  const [before, after] = [wanted.slice(0, star), wanted.slice(star + 1)];
  if (!given.startsWith(before) || !given.endsWith(after) || given.length < before.length + after.length) return false;
  const middle = given.slice(before.length, given.length - after.length);
  return middle !== "" && /^[a-z0-9-]*$/.test(middle);
}
