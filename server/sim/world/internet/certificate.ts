import { createHash } from "node:crypto";
import { DAY, type Time } from "../../kernel/index.ts";
import {
  certificatePem,
  identity,
  issueCertificate,
  KeyRing,
  parseCertificatesPem,
  readPrivateKeyPem,
  type Issuer,
} from "../../kube/pki/index.ts";
import { CA_BUNDLE } from "../../host/index.ts";
import { ROOT_KEY } from "./root-key.ts";

/** Servers renew every sixty days certificates that are good for ninety. */
const RENEWED = 60 * DAY;
const VALID = 90 * DAY;
const KEYS = new KeyRing(0);

const made = new Map<string, string>();
let authority: Issuer | undefined;

/** The PEM text of the certificate that a server with these names has at that time. */
export function certificateOf(names: readonly string[], now: Time): string {
  const since = Math.floor(now / RENEWED) * RENEWED;
  const known = `${names.join(" ")} ${since}`;
  let pem = made.get(known);
  if (pem === undefined) made.set(known, (pem = issue(names, since)));
  return pem;
}

function issue(names: readonly string[], since: Time): string {
  const [name = ""] = names;
  const digest = createHash("sha256").update(`${name} ${since}`).digest("hex");
  const addresses = names.filter((one) => /^[\d.]+$/.test(one));
  const certificate = issueCertificate(
    {
      serial: BigInt(`0x7${digest.slice(1, 32)}`),
      subject: identity(name),
      notBefore: since - DAY,
      notAfter: since - DAY + VALID,
      publicKey: KEYS.ec(name).public,
      keyUsage: ["digitalSignature"],
      extendedKeyUsage: ["serverAuth"],
      dnsNames: names.filter((one) => !addresses.includes(one)),
      ipAddresses: addresses,
    },
    rootAuthority(),
  );
  return certificatePem(certificate);
}

function rootAuthority(): Issuer {
  if (authority) return authority;
  const root = parseCertificatesPem(CA_BUNDLE);
  const key = readPrivateKeyPem(ROOT_KEY);
  if ("error" in root || !key) throw new Error("the world's root certificate or its key does not parse");
  return (authority = { certificate: root[0]!, key });
}
