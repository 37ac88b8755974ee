import { createPrivateKey, X509Certificate } from "node:crypto";
import type { Secret } from "../../../api/index.ts";
import {
  listenerCertificate, listenerConflict, listenerProtocolUnsupported, listenerRouteKinds, listenerUnsupported,
} from "../conditions.ts"; // prettier-ignore
import { API, type Condition, type Gateway, type Listener, type ReferenceGrant, type RouteKind } from "../kinds.ts";
import { forbidden, invalid, notSupported, required } from "./field-errors.ts";
import { mayRefer } from "./grants.ts";
import type { GraphListener } from "./model.ts";

const KINDS: readonly RouteKind[] = ["HTTPRoute", "GRPCRoute"].map((kind) => ({ group: API, kind }));
const OPTIONS = ["nginx.org/ssl-protocols", "nginx.org/ssl-ciphers", "nginx.org/ssl-prefer-server-ciphers"] as const;
/** Ports that nginx' container has for itself. */
const PROTECTED: Readonly<Record<number, string>> = { 8081: "health", 9113: "MetricsPort" };

export interface ListenerWorld {
  readonly grants: readonly ReferenceGrant[];
  secret(namespace: string, name: string): Secret | undefined;
}

/** The listeners of a Gateway with what is wrong with them (gateway_listener.go). */
export function buildListeners(gateway: Gateway, world: ListenerWorld): GraphListener[] {
  const listeners = gateway.spec.listeners.map((source) => validated(source));
  conflictOfProtocols(listeners.filter(({ valid }) => valid));
  for (const listener of listeners)
    if (listener.valid && listener.source.protocol === "HTTPS") resolveCertificate(listener, gateway, world);
  return listeners;
}

function validated(source: Listener): GraphListener {
  const conditions: Condition[] = [];
  const known = source.protocol === "HTTP" || source.protocol === "HTTPS";
  let attachable = known;
  if (!known) conditions.push(...listenerProtocolUnsupported(notSupported("protocol", source.protocol, "HTTP", "HTTPS", "TLS"))); // prettier-ignore
  const { wrong, kinds } = routeKinds(source);
  if (known && wrong.length > 0) {
    attachable = false;
    conditions.push(...wrong.flatMap((message) => listenerRouteKinds(message)));
  }
  const { from, selector } = source.allowedRoutes?.namespaces ?? {};
  if (known && from === "Selector" && !selector) {
    attachable = false;
    conditions.push(...listenerUnsupported("Listener's AllowedRoutes Selector must be set when From is set to type Selector")); // prettier-ignore
  }
  const taken = PROTECTED[source.port];
  if (known && taken !== undefined) conditions.push(...listenerUnsupported(invalid("port", source.port, `port is already in use as ${taken}`))); // prettier-ignore
  if (source.protocol === "HTTP" && source.tls) conditions.push(...listenerUnsupported(forbidden("tls", "tls is not supported for HTTP listener"))); // prettier-ignore
  if (source.protocol === "HTTPS") conditions.push(...tlsProblems(source));
  return {
    source,
    supportedKinds: known ? kinds : [],
    conditions,
    valid: conditions.length === 0,
    attachable,
    keyPair: undefined,
    routes: [],
  };
}

function routeKinds({ protocol, allowedRoutes }: Listener): { wrong: readonly string[]; kinds: readonly RouteKind[] } {
  const given = allowedRoutes?.kinds;
  if (!given || given.length === 0) return { wrong: [], kinds: KINDS };
  const isKnown = ({ group = API, kind }: RouteKind): boolean => group === API && KINDS.some((one) => one.kind === kind); // prettier-ignore
  return {
    wrong: given.filter((one) => !isKnown(one)).map(({ group = API, kind }) => `Unsupported route kind for protocol ${protocol} "${group}/${kind}"`), // prettier-ignore
    kinds: given.filter((one) => isKnown(one)),
  };
}

function tlsProblems({ tls }: Listener): readonly Condition[] {
  if (!tls) return listenerUnsupported(required("TLS", "tls must be defined for HTTPS listener"));
  const problems: Condition[] = [];
  if (tls.mode !== undefined && tls.mode !== "Terminate") problems.push(...listenerUnsupported(notSupported("tls.mode", tls.mode, "Terminate"))); // prettier-ignore
  for (const key of Object.keys(tls.options ?? {}))
    if (!(OPTIONS as readonly string[]).includes(key)) problems.push(...listenerUnsupported(notSupported(`tls.options[${key}]`, key, ...OPTIONS))); // prettier-ignore
  const refs = tls.certificateRefs ?? [];
  if (refs.length === 0) problems.push(...listenerCertificate("InvalidCertificateRef", required("tls.certificateRefs", "certificateRefs must be defined for TLS mode terminate"))); // prettier-ignore
  const [first] = refs;
  if (first?.kind !== undefined && first.kind !== "Secret") problems.push(...listenerCertificate("InvalidCertificateRef", notSupported("tls.certificateRefs[0].kind", first.kind, "Secret"))); // prettier-ignore
  if (first?.group !== undefined && first.group !== "") problems.push(...listenerCertificate("InvalidCertificateRef", notSupported("tls.certificateRefs[0].group", first.group, ""))); // prettier-ignore
  if (refs.length > 1) problems.push(...listenerUnsupported(`tls.certificateRefs: Too many: ${refs.length}: must have at most 1 items`)); // prettier-ignore
  return problems;
}

function conflictOfProtocols(listeners: readonly GraphListener[]): void {
  for (const [port, same] of Map.groupBy(listeners, ({ source }) => source.port)) {
    if (new Set(same.map(({ source }) => source.protocol)).size < 2) continue;
    const message = `Multiple listeners for the same port ${port} specify incompatible protocols; ensure only one protocol per port`; // prettier-ignore
    for (const listener of same) {
      listener.valid = false;
      listener.conditions.push(...listenerConflict("ProtocolConflict", message));
    }
  }
}

function resolveCertificate(listener: GraphListener, { metadata }: Gateway, world: ListenerWorld): void {
  const [ref] = listener.source.tls!.certificateRefs!;
  const { name } = ref!;
  const namespace = ref!.namespace ?? metadata.namespace!;
  const fail = (reason: "InvalidCertificateRef" | "RefNotPermitted", message: string): void => {
    listener.valid = false;
    listener.conditions.push(...listenerCertificate(reason, message));
  };
  const from = { kind: "Gateway", namespace: metadata.namespace! } as const;
  if (namespace !== metadata.namespace && !mayRefer(world.grants, from, { kind: "Secret", namespace, name }))
    return fail("RefNotPermitted", `Certificate ref to secret ${namespace}/${name} not permitted by any ReferenceGrant`); // prettier-ignore
  const found = keyPairOf(world.secret(namespace, name));
  if ("error" in found) return fail("InvalidCertificateRef", invalid("tls.certificateRefs[0]", { Namespace: namespace, Name: name }, found.error)); // prettier-ignore
  listener.keyPair = { id: `${namespace}_${name}`, pem: found.pem };
}

/** secret.go, certificate_bundle.go: both parts can be read and belong together. How long it is valid is nobody's business here. */
function keyPairOf(secret: Secret | undefined): { readonly pem: string } | { readonly error: string } {
  if (!secret) return { error: "secret does not exist" };
  if (secret.type !== "kubernetes.io/tls") return { error: `unsupported secret type ${JSON.stringify(secret.type ?? "")}` }; // prettier-ignore
  const text = (key: string): string => Buffer.from(secret.data?.[key] ?? "", "base64").toString("latin1");
  const [certificate, key] = [text("tls.crt"), text("tls.key")];
  const x509 = attempt(() => new X509Certificate(certificate));
  if (!x509) return { error: "TLS secret is invalid: tls: failed to find any PEM data in certificate input" };
  const privateKey = attempt(() => createPrivateKey(key));
  if (!privateKey) return { error: "TLS secret is invalid: tls: failed to find any PEM data in key input" };
  if (!x509.checkPrivateKey(privateKey)) return { error: "TLS secret is invalid: tls: private key does not match public key" }; // prettier-ignore
  return { pem: `${certificate}\n${key}` };
}

function attempt<T>(call: () => T): T | undefined {
  try {
    return call();
  } catch {
    return undefined;
  }
}
