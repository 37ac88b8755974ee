import { decode, DAY, encode, MINUTE, type Kernel } from "../../../kernel/index.ts";
import { goError, goResponse, type GoAnswer } from "../../../images/index.ts";
import { namespaceOf, openSocket, type Application } from "../../../net/index.ts";
import { isStatus, Unreachable, type Client, type JsonObject, type Kind, type KubeObject } from "../../api/index.ts";
import type { Cluster } from "../../cluster/cluster.ts";
import { secrets } from "../../kinds/index.ts";
import { certificatePem, issueCertificate, KeyRing, privateKeyPem } from "../../pki/index.ts";
import { compareAddresses } from "../../../net/index.ts";
import { NAMESPACE, parseRange, rangesOf, resources, type Pool } from "./pools.ts";
import type { Member, Members } from "./members.ts";

interface Hooks extends KubeObject {
  readonly webhooks: readonly { readonly clientConfig: JsonObject }[];
}

export const SERVER = "metallb";
const SERVICE = `metallb-webhook-service.${NAMESPACE}.svc`;

/** Opens a port of a process: 7472 for its metrics, 9443 for the controller's webhook. */
export function openPort({ self, key }: Member, port: number): void {
  const args = { key, port };
  openSocket(namespaceOf(self), { protocol: "tcp", address: "::", port, backlog: 4096, pid: self.pid, uid: self.uid, application: SERVER, args }); // prettier-ignore
}

/** cert-controller: a certificate for the webhook, kept in a Secret, and its authority told to the API server. */
export function rotateCertificate(member: Member, client: Client, { api }: Cluster): void {
  const found = client.get(secrets, NAMESPACE, "metallb-webhook-cert");
  if (!found) return;
  const decoded = (name: string): string => Buffer.from(found.data?.[name] ?? "", "base64").toString();
  let authority = decoded("ca.crt");
  let leaf = decoded("tls.crt");
  if (leaf === "") {
    const made = issue(member.self.kernel);
    [authority, leaf] = [made.ca, made.leaf];
    const base64 = (text: string): string => Buffer.from(text).toString("base64");
    const data = { "ca.crt": base64(made.ca), "ca.key": base64(made.caKey), "tls.crt": base64(made.leaf), "tls.key": base64(made.key) }; // prettier-ignore
    attempt(() => client.update(secrets, { ...found, data }));
  }
  const kind = api.registry.storedBy(
    "admissionregistration.k8s.io",
    "validatingwebhookconfigurations",
  ) as unknown as Kind<Hooks>;
  const configuration = client.get(kind, "", "metallb-webhook-configuration");
  if (configuration) {
    const caBundle = Buffer.from(authority).toString("base64");
    const webhooks = configuration.webhooks.map((hook) => ({
      ...hook,
      clientConfig: { ...hook.clientConfig, caBundle },
    }));
    attempt(() => client.update(kind, { ...configuration, webhooks }));
  }
  // What speakers find each other by (k8s.go CreateMlSecret).
  if (!client.get(secrets, NAMESPACE, "memberlist")) {
    const secretkey = Buffer.from(member.self.kernel.random.hex("metallb/memberlist", 256), "hex").toString("base64");
    const data = { secretkey: Buffer.from(secretkey).toString("base64") };
    attempt(() => client.create(secrets, { metadata: { namespace: NAMESPACE, name: "memberlist" }, data }));
  }
  member.change({ chain: leaf });
}

function attempt(call: () => unknown): void {
  try {
    call();
  } catch (error) {
    if (!(error instanceof Unreachable) && !isStatus(error)) throw error;
  }
}

function issue(kernel: Kernel): { ca: string; caKey: string; leaf: string; key: string } {
  const ring = new KeyRing(kernel.random.below("metallb", 2 ** 31));
  const [rootKey, leafKey] = [ring.rsa("root"), ring.rsa("leaf")];
  const common = { notBefore: kernel.now - MINUTE, notAfter: kernel.now + 3650 * DAY };
  const name = (value: string) => [[{ type: "2.5.4.10", value: "metallb" }], [{ type: "2.5.4.3", value }]];
  const root = issueCertificate({ ...common, serial: 0n, subject: name("metallb-ca"), publicKey: rootKey.public, keyUsage: ["digitalSignature", "keyEncipherment", "keyCertSign"], ca: true }, rootKey); // prettier-ignore
  const leaf = issueCertificate({ ...common, serial: 1n, subject: name(SERVICE), publicKey: leafKey.public, keyUsage: ["digitalSignature", "keyEncipherment"], extendedKeyUsage: ["serverAuth"], dnsNames: [SERVICE] }, { certificate: root, key: rootKey }); // prettier-ignore
  return { ca: certificatePem(root), caKey: privateKeyPem(rootKey), leaf: certificatePem(leaf), key: privateKeyPem(leafKey) }; // prettier-ignore
}

interface PortArgs {
  readonly key: string;
  readonly port: number;
}

export function application(members: Members): Application {
  return {
    tls(_hello, context) {
      const { key, port } = context.args as PortArgs;
      const chain = members.find(key)?.row.chain;
      return port === 9443 && chain !== undefined ? { chain: [chain], alpn: "h2" } : { alert: "internal_error" };
    },
    http(request, context) {
      const { key, port } = context.args as PortArgs;
      const member = members.find(key);
      if (!member) return { close: "reset" };
      const say = (answer: GoAnswer) => goResponse(request, members.kernel.now, answer);
      if (port !== 9443) return say(request.target === "/metrics" ? { body: "# drydock: the metrics of MetalLB are not simulated\n" } : goError(404, "404 page not found")); // prettier-ignore
      if (!context.tls) return say(goError(400, "Client sent an HTTP request to an HTTPS server."));
      return say(review(member, decode(request.body)));
    },
  };
}

interface Review {
  readonly apiVersion: string;
  readonly kind: string;
  readonly request: { readonly uid: string; readonly operation: string; readonly object: Pool | null };
}

function review(member: Member, text: string): GoAnswer {
  const { apiVersion, kind, request } = JSON.parse(text) as Review;
  const { uid, object, operation } = request;
  const problem = operation === "DELETE" || !object ? undefined : problemOf(member, object);
  const response = problem === undefined ? { uid, allowed: true } : { uid, allowed: false, status: { metadata: {}, message: problem, reason: "Forbidden", code: 403 } }; // prettier-ignore
  return {
    headers: [["Content-Type", "application/json"]],
    body: encode(JSON.stringify({ apiVersion, kind, response })),
  };
}

/** What speaks BGP is not simulated, and says so where it is asked for. */
const UNSIMULATED = ["BGPPeer", "BGPAdvertisement", "BFDProfile", "Community"];

function problemOf(member: Member, object: Pool): string | undefined {
  const { kind } = object as { readonly kind?: string };
  if (UNSIMULATED.includes(kind ?? "")) return `drydock: metallb: ${kind} is not simulated`;
  return kind === "IPAddressPool" ? poolProblem(member, object) : undefined;
}

/** config.go: ranges that make sense, and that no other pool has. */
function poolProblem({ session }: Member, pool: Pool): string | undefined {
  const { name } = pool.metadata;
  if (pool.spec.addresses.length === 0) return `parsing address pool ${name}: pool has no prefixes defined`;
  for (const text of pool.spec.addresses) {
    const range = parseRange(text);
    if ("error" in range) return `parsing address pool ${name}: ${range.error} in pool ${JSON.stringify(name)}: ${range.error}`.replace(/ in pool .*$/, ""); // prettier-ignore
  }
  const reached = session.reach();
  if ("error" in reached) return undefined;
  for (const other of resources<Pool>(reached.cluster, "ipaddresspools")) {
    if (other.metadata.name === name) continue;
    for (const a of rangesOf(pool))
      for (const b of rangesOf(other))
        if (compareAddresses(a.from, b.to) <= 0 && compareAddresses(b.from, a.to) <= 0)
          return `CIDR ${JSON.stringify(pool.spec.addresses[0])} in pool ${JSON.stringify(name)} overlaps with already defined CIDR ${JSON.stringify(other.spec.addresses[0])}`; // prettier-ignore
  }
  return undefined;
}
