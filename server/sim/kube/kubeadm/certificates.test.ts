import { execFileSync } from "node:child_process";
import { createPrivateKey, X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { rfc3339 } from "../../kernel/index.ts";
import {
  commonName,
  organizations,
  parseCertificatesPem,
  readPrivateKeyPem,
  verifyCertificate,
  type Certificate,
} from "../pki/index.ts";
import { CREATED, files, fixture, init, textOf } from "./testing.ts";

const PKI = "/etc/kubernetes/pki";
const started = init();
const control = files(started);
const worker = files(started, "node01");

function certificate(list: typeof control, path: string): Certificate {
  const certificates = parseCertificatesPem(textOf(list, path));
  if ("error" in certificates) throw new Error(certificates.error);
  return certificates[0]!;
}

test("the certificates are those of facts/node.md 1.4", () => {
  const rows = [...started.certificates.values()].map(({ name, certificate: { subject, issuer, ...rest } }) =>
    [
      name,
      commonName(subject),
      organizations(subject).join(),
      commonName(issuer),
      rest.keyUsage!.join(),
      rest.extendedKeyUsage.join(),
      `CA:${String(rest.basicConstraints?.ca)}`,
      rest.dnsNames.join(),
      rest.ipAddresses.join(),
      rfc3339(rest.notAfter),
    ].join(" | "),
  );
  const leaf = "digitalSignature,keyEncipherment";
  const authority = `${leaf},keyCertSign |  | CA:true`;
  const names = "kubernetes,kubernetes.default,kubernetes.default.svc,kubernetes.default.svc.cluster.local";
  const etcd = `${leaf} | serverAuth,clientAuth | CA:false | controlplane,localhost | 172.30.1.2,127.0.0.1,::1`;
  const client = `${leaf} | clientAuth | CA:false |  | `;
  const year = "2027-11-16T09:03:10Z";
  const decade = "2036-11-13T09:03:10Z";
  expect(rows).toEqual([
    `ca | kubernetes |  | kubernetes | ${authority} | kubernetes |  | ${decade}`,
    `apiserver | kube-apiserver |  | kubernetes | ${leaf} | serverAuth | CA:false | controlplane,${names} | 10.96.0.1,172.30.1.2 | ${year}`,
    `apiserver-kubelet-client | kube-apiserver-kubelet-client | kubeadm:cluster-admins | kubernetes | ${client} | ${year}`,
    `front-proxy-ca | front-proxy-ca |  | front-proxy-ca | ${authority} | front-proxy-ca |  | ${decade}`,
    `front-proxy-client | front-proxy-client |  | front-proxy-ca | ${client} | ${year}`,
    `etcd/ca | etcd-ca |  | etcd-ca | ${authority} | etcd-ca |  | ${decade}`,
    `etcd/server | controlplane |  | etcd-ca | ${etcd} | ${year}`,
    `etcd/peer | controlplane |  | etcd-ca | ${etcd} | ${year}`,
    `etcd/healthcheck-client | kube-etcd-healthcheck-client |  | etcd-ca | ${client} | ${year}`,
    `apiserver-etcd-client | kube-apiserver-etcd-client |  | etcd-ca | ${client} | ${year}`,
  ]);
  for (const { certificate: made } of started.certificates.values())
    expect(rfc3339(made.notBefore)).toBe("2026-11-16T08:58:10Z");
});

test("every certificate verifies against its authority and belongs to its key", () => {
  const authorities: Record<string, string> = { "front-proxy": "front-proxy-ca", etcd: "etcd/ca" };
  for (const { name } of started.certificates.values()) {
    const made = certificate(control, `${PKI}/${name}.crt`);
    const ca =
      name === "apiserver-etcd-client" ? "etcd/ca" : (authorities[/^(front-proxy|etcd)/.exec(name)?.[0] ?? ""] ?? "ca");
    const roots = [certificate(control, `${PKI}/${ca}.crt`)];
    expect(verifyCertificate(made, { roots, now: CREATED, usages: ["any"] })).toHaveProperty("chain");
    expect(readPrivateKeyPem(textOf(control, `${PKI}/${name}.key`))?.public).toEqual(made.publicKey);
    expect(new X509Certificate(made.raw).checkPrivateKey(createPrivateKey(textOf(control, `${PKI}/${name}.key`)))).toBe(
      true,
    );
  }
  expect(new Set([...started.certificates.values()].map(({ certificate: { serial } }) => serial)).size).toBe(10);
});

test("a kubelet's client certificate is signed by the cluster: embedded RSA on the control plane, bootstrapped ECDSA on workers", () => {
  const roots = [started.certificates.get("ca")!.certificate];
  const current = "/var/lib/kubelet/pki/kubelet-client-current.pem";
  for (const [list, user, kind, to] of [
    [control, "system:node:controlplane", "rsa", "2027-11-16T09:03:10Z"],
    [worker, "system:node:node01", "ec", "2027-11-16T08:59:11Z"],
  ] as const) {
    const link = list.find(({ path }) => path === current)!;
    const path = "link" in link ? link.link : "";
    const made = certificate(list, path);
    expect(verifyCertificate(made, { roots, now: CREATED, usages: ["clientAuth"] })).toHaveProperty("chain");
    expect([
      commonName(made.subject),
      organizations(made.subject),
      made.publicKey.kind,
      rfc3339(made.notAfter),
    ]).toEqual([user, ["system:nodes"], kind, to]);
    expect(readPrivateKeyPem(textOf(list, path))?.public).toEqual(made.publicKey);
  }
});

test("a kubelet serves with a certificate of an authority of its own, which follows in the file", () => {
  const [made, ca] = parseCertificatesPem(textOf(worker, "/var/lib/kubelet/pki/kubelet.crt")) as Certificate[];
  expect([commonName(made!.subject), commonName(ca!.subject)]).toEqual(["node01@1794819851", "node01-ca@1794819851"]);
  expect(verifyCertificate(made!, { roots: [ca!], now: CREATED, host: "node01" })).toHaveProperty("chain");
  expect(verifyCertificate(made!, { roots: [ca!], now: CREATED, host: "172.30.2.2" })).toEqual({
    error: "x509: cannot validate certificate for 172.30.2.2 because it doesn't contain any IP SANs",
  });
});

test("the same seed gives the same bytes, another seed other keys and serials", () => {
  expect(files(init())).toEqual(control);
  expect(files(init({ seed: 2 })).find(({ path }) => path === `${PKI}/ca.crt`)).not.toEqual(
    control.find(({ path }) => path === `${PKI}/ca.crt`),
  );
});

function openssl(...args: string[]): string | undefined {
  try {
    return execFileSync("openssl", args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  } catch {
    return undefined;
  }
}

test("OpenSSL reads the API server's certificate as we mean it (recorded), and verifies it where it is installed", () => {
  const pem = textOf(control, `${PKI}/apiserver.crt`);
  const folder = mkdtempSync(join(tmpdir(), "pki-"));
  const file = (name: string): string => join(folder, name);
  writeFileSync(file("apiserver.crt"), pem);
  writeFileSync(file("ca.crt"), textOf(control, `${PKI}/ca.crt`));
  if (process.env["RECORD"]) {
    writeFileSync(new URL("fixtures/apiserver.crt", import.meta.url), pem);
    const text = openssl("x509", "-in", file("apiserver.crt"), "-noout", "-text")!;
    writeFileSync(new URL("fixtures/apiserver.txt", import.meta.url), text);
  }
  expect(pem).toBe(fixture("apiserver.crt"));
  expect(fixture("apiserver.txt")).toContain(`            X509v3 Subject Alternative Name: 
                DNS:controlplane, DNS:kubernetes, DNS:kubernetes.default, DNS:kubernetes.default.svc, DNS:kubernetes.default.svc.cluster.local, IP Address:10.96.0.1, IP Address:172.30.1.2
`);
  if (openssl("version")?.startsWith("OpenSSL 3.0")) {
    expect(openssl("x509", "-in", file("apiserver.crt"), "-noout", "-text")).toBe(fixture("apiserver.txt"));
    expect(openssl("verify", "-no_check_time", "-CAfile", file("ca.crt"), file("apiserver.crt"))).toBe(
      `${file("apiserver.crt")}: OK\n`,
    );
  }
  rmSync(folder, { recursive: true });
});
