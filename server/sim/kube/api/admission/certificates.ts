import { organizations, parseRequestPem } from "../../pki/index.ts";
import type { CertificateSigningRequest } from "../types/certificates.ts";
import { isAbout, refuse, type AdmissionPlugin, type Attributes } from "./plugin.ts";

const GROUP = "certificates.k8s.io";
const PLURAL = "certificatesigningrequests";
const CLIENT_SIGNER = "kubernetes.io/kube-apiserver-client";

/** plugin/pkg/admission/certificates/approval */
export const certificateApproval: AdmissionPlugin = {
  name: "CertificateApproval",
  operations: ["UPDATE"],
  validate(attributes) {
    const request = ofPart(attributes, "approval");
    if (request && !mayUse(attributes, "approve", request.spec.signerName))
      throw refuse(attributes, `user not permitted to approve requests with signerName "${request.spec.signerName}"`);
  },
};

/** plugin/pkg/admission/certificates/signing */
export const certificateSigning: AdmissionPlugin = {
  name: "CertificateSigning",
  operations: ["UPDATE"],
  validate(attributes) {
    const request = ofPart(attributes, "status");
    const next = attributes.object as unknown as CertificateSigningRequest;
    if (!request || next.status.certificate === request.status.certificate) return;
    if (!mayUse(attributes, "sign", request.spec.signerName))
      throw refuse(attributes, `user not permitted to sign requests with signerName "${request.spec.signerName}"`);
  },
};

/** plugin/pkg/admission/certificates/subjectrestriction */
export const certificateSubjectRestriction: AdmissionPlugin = {
  name: "CertificateSubjectRestriction",
  operations: ["CREATE"],
  validate(attributes) {
    if (!isAbout(attributes, GROUP, PLURAL)) return;
    const { spec } = attributes.object as unknown as CertificateSigningRequest;
    if (spec.signerName !== CLIENT_SIGNER) return;
    const request = parseRequestPem(Buffer.from(spec.request ?? "", "base64").toString("latin1"));
    if ("error" in request) throw refuse(attributes, `failed to parse CSR: ${request.error}`);
    if (organizations(request.subject).includes("system:masters"))
      throw refuse(attributes, `use of ${CLIENT_SIGNER} signer with system:masters group is not allowed`);
  },
};

/** The request as it was, if a part of it is written. */
function ofPart({ context, old }: Attributes, part: string): CertificateSigningRequest | undefined {
  const { group, plural } = context.kind;
  if (group !== GROUP || plural !== PLURAL || context.subresource !== part) return undefined;
  return old as CertificateSigningRequest;
}

/** Whether the user may approve or sign for the signer, or for all of its domain (IsAuthorizedForSignerName). */
function mayUse({ context }: Attributes, verb: string, signer: string): boolean {
  const { authorize } = context.settings;
  if (!authorize) return true;
  const asked = {
    user: context.user,
    verb,
    group: GROUP,
    version: "*",
    resource: "signers",
    subresource: "",
    namespace: "",
  };
  const wildcard = `${signer.split("/")[0]!}/*`;
  return [signer, wildcard].some((name) => authorize({ ...asked, name }).allowed);
}
