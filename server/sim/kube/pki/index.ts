export { certificatePem, parseCertificate, parseCertificatesPem, type Certificate } from "./certificate.ts";
export { DerReader, readBitFlags, readInteger, readSingle, readText, type DerValue } from "./der-reader.ts";
export {
  bitFlags,
  bitString,
  boolean,
  context,
  contextPrimitive,
  integer,
  nullValue,
  octetString,
  oid,
  sequence,
  setOf,
  TAG,
  tagged,
  time,
} from "./der-writer.ts";
export {
  ATTRIBUTE_NAMES,
  commonName,
  identity,
  nameValues,
  readName,
  organizations,
  type DistinguishedName,
  type NameAttribute,
} from "./distinguished-name.ts";
export type { Extension, KeyUsage } from "./extensions.ts";
export { issueCertificate, type CertificateTemplate, type Issuer } from "./issue.ts";
export { jsonWebKey, signJwt, verifyJwt } from "./jwt.ts";
export { EC_POOL_SIZE, KeyRing, RSA_POOL_SIZE, type Keys } from "./key-pool.ts";
export { decodePem, encodePem } from "./pem.ts";
export { ecPrivateKey, pkcs8Pem, privateKeyPem, readPrivateKeyPem, signBytes, type PrivateKey } from "./private-key.ts";
export {
  keyIdentifier,
  publicKeyInfo,
  publicKeyPem,
  readPublicKeyPem,
  verifySignature,
  type PublicKey,
} from "./public-key.ts";
export {
  createRequest,
  parseRequest,
  parseRequestPem,
  requestIsSigned,
  requestPem,
  type CertificateRequest,
} from "./request.ts";
export { hostError, signatureError, verifyCertificate } from "./verify.ts";
