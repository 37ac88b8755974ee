import { HOUR, MINUTE, rfc3339, SECOND, type Duration } from "../../../kernel/index.ts";
import {
  own, type CertificateSigningRequest, type Client, type ControllerLoop,
} from "../../api/index.ts"; // prettier-ignore
import { certificateSigningRequests } from "../../kinds/index.ts";
import {
  certificatePem, issueCertificate, parseCertificatesPem, readPrivateKeyPem, type CertificateRequest, type Issuer, type KeyUsage,
} from "../../pki/index.ts"; // prettier-ignore
import type { ControllerContext } from "../context.ts";
import { clientProblem, hasCondition, kubeletClientProblem, kubeletServingProblem, requestOf } from "./approval.ts";

/** How long before now a certificate begins, so that slow clocks take it. */
const BACKDATE = 5 * MINUTE;
/** Certificates that last less end when they were asked to, others so much earlier. */
const SHORT = 8 * HOUR;
const SHORTEST = 10 * MINUTE;

type Problem = (request: CertificateRequest, usages: readonly string[]) => string | undefined;

const SIGNERS: Readonly<Record<string, Problem>> = {
  "kubernetes.io/kube-apiserver-client": (_, usages) => clientProblem(usages),
  "kubernetes.io/kube-apiserver-client-kubelet": kubeletClientProblem,
  "kubernetes.io/kubelet-serving": kubeletServingProblem,
};

const KEY_USAGES: Readonly<Record<string, KeyUsage>> = {
  signing: "digitalSignature",
  "digital signature": "digitalSignature",
  "content commitment": "contentCommitment",
  "key encipherment": "keyEncipherment",
  "key agreement": "keyAgreement",
  "data encipherment": "dataEncipherment",
  "cert sign": "keyCertSign",
  "crl sign": "cRLSign",
  "encipher only": "encipherOnly",
  "decipher only": "decipherOnly",
};
const PURPOSES: Readonly<Record<string, string>> = { "server auth": "serverAuth", "client auth": "clientAuth" };

/** Signs what is approved with the cluster's authority, for the signers of Kubernetes (pkg/controller/certificates/signer). */
export class CsrSigningController {
  readonly loop: ControllerLoop;
  readonly #context: ControllerContext;
  readonly #client: Client;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#client = context.client("certificate-controller");
    this.loop = context.loop("certificatesigningrequest-signing-controller", this.#client, {
      name: "csrsigning",
      watches: [own(certificateSigningRequests)],
      reconcile: (name) => this.#sync(name),
    });
  }

  #sync(name: string): void {
    const csr = this.#client.get(certificateSigningRequests, "", name);
    if (!csr || csr.status.certificate) return;
    if (!hasCondition(csr, "Approved") || hasCondition(csr, "Denied") || hasCondition(csr, "Failed")) return;
    const check = SIGNERS[csr.spec.signerName];
    const request = check && requestOf(csr);
    if (!request || "error" in request) return;
    const problem = check(request, csr.spec.usages ?? []);
    if (problem !== undefined) return this.#fail(csr, problem);
    const issuer = this.#issuer();
    if (!issuer) return this.loop.queue.retry(name);
    const certificate = Buffer.from(this.#sign(csr, request, issuer), "latin1").toString("base64");
    this.#client.updateStatus(certificateSigningRequests, { ...csr, status: { ...csr.status, certificate } });
  }

  #fail(csr: CertificateSigningRequest, message: string): void {
    const lastUpdateTime = rfc3339(this.#context.kernel.now);
    const failed = { type: "Failed", status: "True", reason: "SignerValidationFailure", message, lastUpdateTime };
    const conditions = [...(csr.status.conditions ?? []), failed];
    this.#client.updateStatus(certificateSigningRequests, { ...csr, status: { ...csr.status, conditions } });
  }

  /** The authority of --cluster-signing-cert-file and -key-file, as the files are now. */
  #issuer(): Issuer | undefined {
    const files = this.#context.settings.signingFiles;
    if (!files) return undefined;
    const parsed = parseCertificatesPem(this.#context.readFile(files.certificate) ?? "");
    const key = readPrivateKeyPem(this.#context.readFile(files.key) ?? "");
    return "error" in parsed || !parsed[0] || !key ? undefined : { certificate: parsed[0], key };
  }

  #sign({ spec }: CertificateSigningRequest, request: CertificateRequest, issuer: Issuer): string {
    const { now, random } = this.#context.kernel;
    const span = duration(spec.expirationSeconds, this.#context.settings.signingDuration);
    const end = span < SHORT ? now + span : now + span - BACKDATE;
    const usages = spec.usages ?? [];
    const keyUsage = [...new Set(usages.flatMap((usage) => KEY_USAGES[usage] ?? []))];
    const certificate = issueCertificate(
      {
        serial: BigInt(`0x${random.hex("kube/csr-serial", 32)}`) || 1n,
        subject: request.subject,
        notBefore: now - BACKDATE,
        notAfter: Math.min(end, issuer.certificate.notAfter),
        publicKey: request.publicKey,
        keyUsage,
        extendedKeyUsage: Object.keys(PURPOSES).flatMap((usage) => (usages.includes(usage) ? PURPOSES[usage]! : [])),
        dnsNames: request.dnsNames,
        ipAddresses: request.ipAddresses,
        emails: request.emails,
        uris: request.uris,
      },
      issuer,
    );
    return certificatePem(certificate);
  }
}

/** What is asked for, within what the signer gives. */
function duration(seconds: number | undefined, most: Duration): Duration {
  return seconds === undefined ? most : Math.min(most, Math.max(SHORTEST, seconds * SECOND));
}
