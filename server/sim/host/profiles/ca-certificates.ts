import type { FileSpec } from "./file-spec.ts";
import { ROOT_CERTIFICATE } from "./root-certificate.ts";

/**
 * What /etc/ssl/certs/ca-certificates.crt holds wherever the package is installed: the authority that signs for the world's
 * internet. Mozilla's authorities are not in it, since nothing that they signed can be reached.
 */
export const CA_BUNDLE = ROOT_CERTIFICATE;

const NAME = "Drydock_World_Root_CA";
const SHARE = "/usr/share/ca-certificates/drydock";
const CERTS = "/etc/ssl/certs";

/** The files of Debian's and Ubuntu's package ca-certificates, as update-ca-certificates leaves them. */
export const CA_CERTIFICATES: readonly FileSpec[] = [
  { path: "/etc/ca-certificates.conf", text: `drydock/${NAME}.crt\n` },
  { path: `${SHARE}/${NAME}.crt`, text: ROOT_CERTIFICATE },
  { path: `${CERTS}/${NAME}.pem`, link: `${SHARE}/${NAME}.crt` },
  // openssl x509 -subject_hash
  { path: `${CERTS}/5a9037fe.0`, link: `${NAME}.pem` },
  { path: `${CERTS}/ca-certificates.crt`, text: CA_BUNDLE },
];

/** The same of Alpine's ca-certificates-bundle, which its base image has. */
export const ALPINE_CA_BUNDLE: readonly FileSpec[] = [
  { path: `${CERTS}/ca-certificates.crt`, text: CA_BUNDLE },
  { path: "/etc/ssl/cert.pem", link: "certs/ca-certificates.crt" },
];
