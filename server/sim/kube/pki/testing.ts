import { fromCalendar, HOUR, MINUTE, type Time } from "../../kernel/index.ts";
import { identity, issueCertificate, KeyRing, type Issuer } from "./index.ts";

export const CREATED: Time = fromCalendar(2026, 11, 21, 9, 3, 10);

/** An authority as kubeadm makes it, valid from five minutes before `created` for ten years. */
export function authority(commonName: string, purpose = commonName, created = CREATED): Issuer {
  const key = new KeyRing(7, ["rsa:kubernetes", "rsa:other"]).rsa(purpose);
  const certificate = issueCertificate(
    {
      serial: 1n,
      subject: identity(commonName),
      notBefore: created - 5 * MINUTE,
      notAfter: created + 87_600 * HOUR,
      publicKey: key.public,
      keyUsage: ["digitalSignature", "keyEncipherment", "keyCertSign"],
      dnsNames: [commonName],
      ca: true,
    },
    key,
  );
  return { certificate, key };
}
