export {
  certificatePem,
  parseCertificate,
  parseCertificatesPem,
  type Certificate,
  type ParseFailure,
} from "./certificate.ts";
export {
  ATTRIBUTE_NAMES,
  commonName,
  identity,
  organizations,
  type DistinguishedName,
  type NameAttribute,
} from "./distinguished-name.ts";
export { KEY_USAGES, type AltNames, type Extension, type KeyUsage } from "./extensions.ts";
export { issueCertificate, type CertificateTemplate, type Issuer } from "./issue.ts";
export { EC_POOL_SIZE, KeyRing, RSA_POOL_SIZE, type Keys } from "./key-pool.ts";
export { OID } from "./oid.ts";
export { decodePem, encodePem, type PemBlock } from "./pem.ts";
export { pkcs8Pem, privateKeyPem, readPrivateKeyPem, signBytes, type PrivateKey } from "./private-key.ts";
export {
  keyIdentifier,
  publicKeyInfo,
  publicKeyPem,
  readPublicKeyInfo,
  readPublicKeyPem,
  samePublicKey,
  verifySignature,
  type PublicKey,
} from "./public-key.ts";
export { createRequest, parseRequest, requestIsSigned, requestPem, type CertificateRequest } from "./request.ts";
export {
  hostError,
  signatureError,
  timeError,
  verifyCertificate,
  type Verified,
  type VerifyOptions,
} from "./verify.ts";
