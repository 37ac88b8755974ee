import { own, type CertificateSigningRequest, type Client, type ControllerLoop } from "../../api/index.ts";
import { certificateSigningRequests } from "../../kinds/index.ts";
import { commonName } from "../../pki/index.ts";
import type { ControllerContext } from "../context.ts";
import { hasCondition, kubeletClientProblem, requestOf } from "./approval.ts";

const SIGNER = "kubernetes.io/kube-apiserver-client-kubelet";

/** Approves requests of kubelets for client certificates that their senders may make (pkg/controller/certificates/approver). */
export class CsrApprovingController {
  readonly loop: ControllerLoop;
  readonly #client: Client;

  constructor(context: ControllerContext) {
    this.#client = context.client("certificate-controller");
    this.loop = context.loop("certificatesigningrequest-approving-controller", this.#client, {
      name: "csrapproving",
      watches: [own(certificateSigningRequests)],
      reconcile: (name) => this.#sync(name),
    });
  }

  #sync(name: string): void {
    const csr = this.#client.get(certificateSigningRequests, "", name);
    if (!csr || csr.status.certificate || hasCondition(csr, "Approved") || hasCondition(csr, "Denied")) return;
    if (csr.spec.signerName !== SIGNER) return;
    const request = requestOf(csr);
    if ("error" in request || kubeletClientProblem(request, csr.spec.usages ?? []) !== undefined) return;
    const self = csr.spec.username === commonName(request.subject);
    if (self && this.#mayCreate(csr, "selfnodeclient"))
      this.#approve(csr, "Auto approving self kubelet client certificate after SubjectAccessReview.");
    else if (this.#mayCreate(csr, "nodeclient"))
      this.#approve(csr, "Auto approving kubelet client certificate after SubjectAccessReview.");
  }

  /** The question that upstream puts in a SubjectAccessReview. */
  #mayCreate({ spec }: CertificateSigningRequest, subresource: string): boolean {
    const user = {
      name: spec.username ?? "",
      groups: spec.groups ?? [],
      ...(spec.uid && { uid: spec.uid }),
      ...(spec.extra && { extra: spec.extra }),
    };
    return this.#client.server.authorize({
      user,
      verb: "create",
      group: "certificates.k8s.io",
      version: "*",
      resource: "certificatesigningrequests",
      subresource,
      namespace: "",
      name: "",
    }).allowed;
  }

  #approve(csr: CertificateSigningRequest, message: string): void {
    const condition = { type: "Approved", status: "True", reason: "AutoApproved", message };
    const conditions = [...(csr.status.conditions ?? []), condition];
    this.#client.updatePart(certificateSigningRequests, { ...csr, status: { ...csr.status, conditions } }, "approval");
  }
}
