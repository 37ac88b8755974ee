export { certificatePem, parseCertificatesPem, type Certificate } from "./certificate.ts";
export {
  ATTRIBUTE_NAMES,
  commonName,
  identity,
  nameValues,
  organizations,
  type DistinguishedName,
} from "./distinguished-name.ts";
export { type KeyUsage } from "./extensions.ts";
export { issueCertificate, type CertificateTemplate, type Issuer } from "./issue.ts";
export { signJwt, verifyJwt } from "./jwt.ts";
export { EC_POOL_SIZE, KeyRing, RSA_POOL_SIZE, type Keys } from "./key-pool.ts";
export { pkcs8Pem, privateKeyPem, readPrivateKeyPem, signBytes, type PrivateKey } from "./private-key.ts";
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
