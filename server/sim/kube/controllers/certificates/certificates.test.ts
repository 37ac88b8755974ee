import { describe, expect, test } from "vitest";
import { DAY, HOUR, MINUTE, rfc3339, SECOND } from "../../../kernel/index.ts";
import { authenticate } from "../../access/identity.ts";
import type { CertificateSigningRequest } from "../../api/index.ts";
import { certificateSigningRequests } from "../../kinds/index.ts";
import {
  certificatePem, commonName, createRequest, identity, issueCertificate, KeyRing, organizations, parseCertificatesPem, privateKeyPem,
  requestPem, type Certificate,
} from "../../pki/index.ts"; // prettier-ignore
import { TestControlPlane } from "../testing.ts";

const URL = "/apis/certificates.k8s.io/v1/certificatesigningrequests";
const CLIENT = "kubernetes.io/kube-apiserver-client";
const keys = new KeyRing(1);

const base64 = (text: string): string => Buffer.from(text, "latin1").toString("base64");

function requestFor(name: string, groups: readonly string[] = [], dnsNames: readonly string[] = []): string {
  return base64(requestPem(createRequest({ subject: identity(name, groups), dnsNames }, keys.rsa(name))));
}

interface Cluster {
  readonly plane: TestControlPlane;
  readonly ca: Certificate;
}

/** Controllers with an authority, as kubeadm sets them up. */
function cluster(): Cluster {
  const key = keys.rsa("ca");
  const base = new TestControlPlane().kernel.now;
  const ca = issueCertificate(
    { serial: 1n, subject: identity("kubernetes"), notBefore: base - HOUR, notAfter: base + 3650 * DAY, publicKey: key.public, keyUsage: ["keyCertSign"], ca: true },
    key,
  ); // prettier-ignore
  const files = { "/ca.crt": certificatePem(ca), "/ca.key": privateKeyPem(key) };
  const signingFiles = { certificate: "/ca.crt", key: "/ca.key" };
  return { plane: new TestControlPlane({ files, settings: { signingFiles } }), ca };
}

function ask(plane: TestControlPlane, spec: object, name = "jane"): void {
  plane.ok("POST", URL, { metadata: { name }, spec: { signerName: CLIENT, usages: ["client auth"], ...spec } });
}

function decide(plane: TestControlPlane, type: "Approved" | "Denied", name = "jane"): void {
  const csr = plane.ok<CertificateSigningRequest>("GET", `${URL}/${name}`);
  const condition = { type, status: "True", reason: "KubectlApprove", message: "by hand" };
  plane.ok("PUT", `${URL}/${name}/approval`, { ...csr, status: { conditions: [condition] } });
  plane.run(SECOND);
}

function stateOf(plane: TestControlPlane, name = "jane"): CertificateSigningRequest {
  return plane.client.get(certificateSigningRequests, "", name)!;
}

describe("a request for a user", () => {
  test("is signed when it is approved, and the certificate is the user", () => {
    const { plane, ca } = cluster();
    ask(plane, { request: requestFor("jane", ["developers"]), expirationSeconds: 3600, username: "root" });
    expect(stateOf(plane).spec).toMatchObject({
      username: "kubernetes-admin",
      groups: ["kubeadm:cluster-admins", "system:authenticated"],
    });
    plane.run(SECOND);
    expect(plane.cells(URL)).toMatchObject({
      Condition: "Pending",
      SignerName: CLIENT,
      Requestor: "kubernetes-admin",
      RequestedDuration: "60m",
    });
    decide(plane, "Approved");
    expect(plane.cells(URL)["Condition"]).toBe("Approved,Issued");
    const pem = Buffer.from(stateOf(plane).status.certificate!, "base64").toString("latin1");
    const [certificate] = parseCertificatesPem(pem) as Certificate[];
    expect([commonName(certificate!.subject), organizations(certificate!.subject)]).toEqual(["jane", ["developers"]]);
    expect(certificate!.notAfter - certificate!.notBefore).toBe(HOUR + 5 * MINUTE);
    expect(certificate!.extendedKeyUsage).toEqual(["clientAuth"]);
    const authenticators = {
      clientCa: certificatePem(ca),
      now: plane.kernel.now,
      readToken: () => undefined,
      anonymous: false,
    };
    expect(authenticate({ clientChain: [pem] }, authenticators)).toMatchObject({
      name: "jane",
      groups: ["developers", "system:authenticated"],
    });
  });

  test("is not signed when it is denied, and goes after an hour or two", () => {
    const { plane } = cluster();
    ask(plane, { request: requestFor("jane") });
    decide(plane, "Denied");
    expect(plane.cells(URL)["Condition"]).toBe("Denied");
    expect(plane.refused("PUT", `${URL}/jane/approval`, { ...stateOf(plane), status: {} })).toBe(
      '422 CertificateSigningRequest.certificates.k8s.io "jane" is invalid: status.conditions: Forbidden: updates may not remove a condition of type "Denied"',
    );
    plane.run(3 * HOUR);
    expect(stateOf(plane)).toBeUndefined();
  });

  test("stays until the next look also where its decision is said to be old", () => {
    const { plane } = cluster();
    ask(plane, { request: requestFor("jane") });
    const lastUpdateTime = rfc3339(plane.kernel.now - DAY);
    const condition = { type: "Denied", status: "True", reason: "KubectlDeny", message: "by hand", lastUpdateTime };
    plane.ok("PUT", `${URL}/jane/approval`, { ...stateOf(plane), status: { conditions: [condition] } });
    plane.run(50 * MINUTE);
    expect(stateOf(plane)).toBeDefined();
    plane.run(20 * MINUTE);
    expect(stateOf(plane)).toBeUndefined();
  });

  test("fails if it is for more than the signer gives", () => {
    const { plane } = cluster();
    ask(plane, { request: requestFor("jane"), usages: ["client auth", "server auth"] });
    decide(plane, "Approved");
    expect(plane.cells(URL)["Condition"]).toBe("Approved,Failed");
    expect(stateOf(plane).status.conditions![1]).toMatchObject({
      type: "Failed",
      reason: "SignerValidationFailure",
      message: "invalid usage for client certificate: server auth",
    });
  });
});

test("kubelets get client certificates without being asked", () => {
  const { plane } = cluster();
  const signerName = "kubernetes.io/kube-apiserver-client-kubelet";
  const usages = ["digital signature", "client auth"];
  ask(plane, { request: requestFor("system:node:node01", ["system:nodes"]), signerName, usages });
  plane.run(SECOND);
  expect(stateOf(plane).status.conditions![0]).toMatchObject({
    type: "Approved",
    reason: "AutoApproved",
    message: "Auto approving kubelet client certificate after SubjectAccessReview.",
  });
  expect(stateOf(plane).status.certificate).toBeDefined();
});

describe("refused", () => {
  const { plane } = cluster();
  const request = requestFor("jane");
  const wrong = (spec: object): string => {
    const all = { request, signerName: CLIENT, usages: ["client auth"], ...spec };
    const { message } = plane.refusal("POST", URL, { metadata: { name: "x" }, spec: all });
    return message.slice(message.indexOf('"x" is ') + '"x" is '.length);
  };
  test.each<[string, object, string]>([
    [
      "no PEM",
      { request: base64("ab") },
      "invalid: spec.request: Invalid value: []byte{0x61, 0x62}: PEM block type must be CERTIFICATE REQUEST",
    ],
    ["no usages", { usages: [] }, "invalid: spec.usages: Required value"],
    [
      "usages twice",
      { usages: ["client auth", "client auth"] },
      'invalid: spec.usages[1]: Duplicate value: "client auth"',
    ],
    [
      "no path of a signer",
      { signerName: "jane" },
      `invalid: spec.signerName: Invalid value: "jane": must be a fully qualified domain and path of the form 'example.com/signer-name'`,
    ],
    [
      "the old signer",
      { signerName: "kubernetes.io/legacy-unknown" },
      'invalid: spec.signerName: Invalid value: "kubernetes.io/legacy-unknown": the legacy signerName is not allowed via this API version',
    ],
    [
      "a short time",
      { expirationSeconds: 60 },
      "invalid: spec.expirationSeconds: Invalid value: 60: may not specify a duration less than 600 seconds (10 minutes)",
    ],
    [
      "masters",
      { request: requestFor("root", ["system:masters"]) },
      "forbidden: use of kubernetes.io/kube-apiserver-client signer with system:masters group is not allowed",
    ],
  ])("%s", (_, spec, text) => expect(wrong(spec)).toBe(text));
});
