import { rfc3339, SECOND, type Time } from "../../../../kernel/index.ts";
import type { HttpIngressPath, Ingress, IngressBackend } from "../../../api/index.ts";
import type { Annotations } from "../annotations/annotations.ts";
import type { Log, ParsedIngress, Store } from "../store.ts";
import { hostProblem, type Certificate } from "./certificate.ts";
import { endpointsOf, portOf, type Endpoint } from "./endpoints.ts";
import { DEFAULT_BACKEND, DEFAULT_SERVER, type Backend, type Location, type Server } from "./server.ts";
import { prefixLocations } from "./path-type.ts";

export interface Model {
  readonly backends: readonly Backend[];
  readonly servers: readonly Server[];
}

export interface BuildOptions {
  /** `namespace/name`; empty for nginx' own page. */
  readonly defaultService: string;
  readonly defaultServerPort: number;
  readonly defaultCertificate: Certificate;
  certificate(key: string): Certificate | { readonly error: string };
  readonly plain: Annotations;
  readonly now: Time;
}

type Upstream = { -readonly [K in keyof Backend]: Backend[K] } & { endpoints: readonly Endpoint[] };

/** Servers and backends out of Ingresses (internal/ingress/controller/controller.go getConfiguration). */
export class ModelBuilder {
  readonly #store: Store;
  readonly #log: Log;
  readonly #options: BuildOptions;
  readonly #upstreams = new Map<string, Upstream>();
  readonly #servers = new Map<string, Server>();

  constructor(store: Store, log: Log, options: BuildOptions) {
    this.#store = store;
    this.#log = log;
    this.#options = options;
  }

  build(ingresses: readonly ParsedIngress[]): Model {
    this.#upstreams.set(DEFAULT_BACKEND, this.#defaultUpstream());
    for (const parsed of ingresses) this.#createUpstreams(parsed);
    this.#createServers(ingresses);
    for (const parsed of ingresses) this.#fill(parsed);
    const canaries = ingresses.filter(({ annotations }) => annotations.canary.enabled);
    if (canaries.length < ingresses.length) for (const canary of canaries) this.#merge(canary);
    this.#customBackends();
    for (const server of this.#servers.values()) {
      server.locations.sort((a, b) => (a.path > b.path ? -1 : a.path < b.path ? 1 : 0));
      server.locations.sort((a, b) => b.path.length - a.path.length);
      server.locations = prefixLocations(server.locations);
    }
    const by = <T>(name: (value: T) => string) => (a: T, b: T): number => (name(a) < name(b) ? -1 : name(a) > name(b) ? 1 : 0); // prettier-ignore
    return {
      backends: [...this.#upstreams.values()].toSorted(by((one) => one.name)),
      servers: [...this.#servers.values()].toSorted(by((one) => one.hostname)),
    };
  }

  #defaultUpstream(): Upstream {
    const own: Endpoint = { address: "127.0.0.1", port: String(this.#options.defaultServerPort) };
    const key = this.#options.defaultService;
    if (key === "") return upstream(DEFAULT_BACKEND, [own]);
    const service = this.#store.service(key);
    if (!service) {
      this.#log("W", "controller.go:510", `Error getting default backend "${key}": no object matching key "${key}" in local store`); // prettier-ignore
      return upstream(DEFAULT_BACKEND, [own]);
    }
    const endpoints = endpointsOf(service, service.spec.ports![0]!, this.#store.slices(service));
    if (endpoints.length === 0)
      this.#log("W", "controller.go:517", `Service "${key}" does not have any active Endpoint`);
    return upstream(DEFAULT_BACKEND, endpoints.length > 0 ? endpoints : [own]);
  }

  #createUpstreams({ ingress, annotations }: ParsedIngress): void {
    const { namespace = "" } = ingress.metadata;
    for (const backend of backendsOf(ingress)) {
      if (!backend.service) continue;
      const name = upstreamName(namespace, backend);
      if (this.#upstreams.has(name) && backend !== ingress.spec.defaultBackend) continue;
      const { canary, affinity: _, upstreamHashBy, loadBalance } = annotations;
      const made: Upstream = {
        ...upstream(name, []),
        ...(loadBalance === "" || loadBalance === "round_robin" ? {} : { "load-balance": loadBalance }),
        ...(upstreamHashBy === "" ? {} : { upstreamHashByConfig: { "upstream-hash-by": upstreamHashBy } }),
        ...(canary.enabled
          ? {
              noServer: true,
              trafficShapingPolicy: {
                weight: canary.weight,
                weightTotal: canary.weightTotal,
                header: canary.header,
                headerValue: canary.headerValue,
                headerPattern: canary.headerPattern,
                cookie: canary.cookie,
              },
            }
          : {}),
      };
      this.#upstreams.set(name, made);
      made.endpoints = this.#endpoints(`${namespace}/${backend.service.name}`, backend, annotations);
    }
  }

  #endpoints(key: string, { service: reference }: IngressBackend, annotations: Annotations): readonly Endpoint[] {
    const service = this.#store.service(key);
    const wanted = reference!.port.name ?? String(reference!.port.number ?? "");
    if (!service) {
      this.#log("W", "controller.go:1137", `Error obtaining Endpoints for Service "${key}": no object matching key "${key}" in local store`); // prettier-ignore
      return [];
    }
    const port = portOf(service, wanted);
    if (annotations.serviceUpstream) {
      const { clusterIP = "" } = service.spec;
      if (clusterIP !== "" && clusterIP !== "None")
        return [
          { address: clusterIP, port: String(reference!.port.name === undefined ? wanted : (port?.port ?? wanted)) },
        ];
      this.#log("E", "controller.go:1122", `Failed to determine a suitable ClusterIP Endpoint for Service "${key}": no ClusterIP found for Service "${key}"`); // prettier-ignore
    }
    if (!port) return [];
    const endpoints = endpointsOf(service, port, this.#store.slices(service));
    if (endpoints.length === 0)
      this.#log("W", "controller.go:1216", `Service "${key}" does not have any active Endpoint.`);
    return endpoints;
  }

  #createServers(ingresses: readonly ParsedIngress[]): void {
    const { plain, defaultCertificate } = this.#options;
    const accessLog = this.#store.config.flag("enable-access-log-for-default-backend");
    this.#servers.set(DEFAULT_SERVER, {
      ...server(DEFAULT_SERVER, [location(undefined, { ...plain, accessLog }, DEFAULT_BACKEND, true)]),
      certificate: defaultCertificate,
    });
    const main = ingresses.filter(({ annotations }) => !annotations.canary.enabled);
    for (const { ingress, annotations } of main) {
      const { defaultBackend, rules = [] } = ingress.spec;
      let standard = DEFAULT_BACKEND;
      if (defaultBackend?.service) {
        standard = upstreamName(ingress.metadata.namespace ?? "", defaultBackend);
        const root = this.#servers.get(DEFAULT_SERVER)!.locations[0]!;
        root.backend = standard;
        root.ingress = ingress;
        // An Ingress without rules takes all that is left over.
        if (root.isDefault && rules.length === 0) {
          root.isDefault = false;
          const { rewrite, redirect } = root.annotations;
          root.annotations = { ...annotations, rewrite, redirect };
        }
      }
      for (const { host = DEFAULT_SERVER } of rules) {
        const name = host === "" ? DEFAULT_SERVER : host;
        if (this.#servers.has(name)) continue;
        this.#servers.set(name, server(name, [location(ingress, annotations, standard, true)]));
      }
    }
    for (const parsed of main) this.#decorate(parsed);
    for (const one of this.#servers.values())
      one.aliases = [...new Set(one.aliases)].filter((alias) => alias !== one.hostname && !this.#servers.has(alias)).toSorted(); // prettier-ignore
  }

  /** Aliases, snippets and certificates: of the first Ingress of a host that has some. */
  #decorate({ ingress, annotations }: ParsedIngress): void {
    const key = `${ingress.metadata.namespace}/${ingress.metadata.name}`;
    for (const { host: given } of ingress.spec.rules ?? []) {
      const host = given === undefined || given === "" ? DEFAULT_SERVER : given;
      const one = this.#servers.get(host)!;
      if (one.aliases.length === 0) one.aliases = annotations.aliases;
      else this.#log("W", "controller.go:1420", `Aliases already configured for server "${host}", skipping (Ingress "${key}")`); // prettier-ignore
      if (one.snippet === "") one.snippet = annotations.serverSnippet;
      if (one.sslCiphers === "") one.sslCiphers = annotations.sslCiphers;
      if (one.sslPreferServerCiphers === "") one.sslPreferServerCiphers = annotations.sslPreferServerCiphers;
      if (one.certificate || (ingress.spec.tls ?? []).length === 0) continue;
      const secret = this.#secretFor(host, ingress);
      if (secret === undefined) continue;
      one.certificate = secret === "" ? this.#options.defaultCertificate : this.#certificate(host, `${ingress.metadata.namespace}/${secret}`); // prettier-ignore
    }
  }

  /** The Secret of the TLS section with the host, or whose certificate is for it; empty: it is to be the default one. */
  #secretFor(host: string, { metadata, spec }: Ingress): string {
    const lower = host.toLowerCase();
    for (const { hosts = [], secretName = "" } of spec.tls ?? [])
      if (hosts.some((one) => one.toLowerCase() === lower)) return secretName;
    for (const { secretName = "" } of spec.tls ?? []) {
      if (secretName === "") continue;
      const found = this.#options.certificate(`${metadata.namespace}/${secretName}`);
      if ("error" in found) {
        this.#log("W", "controller.go:1722", `Error getting SSL certificate "${metadata.namespace}/${secretName}": ${found.error}`); // prettier-ignore
        continue;
      }
      if (hostProblem(found, host) === undefined) return secretName;
    }
    return "";
  }

  #certificate(host: string, key: string): Certificate {
    const { defaultCertificate, now } = this.#options;
    const warn = (line: number, text: string): void => this.#log("W", `controller.go:${line}`, text);
    const found = this.#options.certificate(key);
    if ("error" in found) {
      warn(1491, `Error getting SSL certificate "${key}": ${found.error}. Using default certificate`);
      return defaultCertificate;
    }
    const problem = hostProblem(found, host);
    if (problem !== undefined) {
      warn(1505, `Unexpected error validating SSL certificate "${key}" for server "${host}": ${problem}`);
      warn(1506, "Validating certificate against DNS names. This will be deprecated in a future version");
      warn(1511, `SSL certificate "${key}" does not contain a Common Name or Subject Alternative Name for server "${host}": ${problem}`); // prettier-ignore
      warn(1513, "Using default certificate");
      return defaultCertificate;
    }
    const until = `${rfc3339(found.notAfter).replace("T", " ").replace("Z", "")} +0000 UTC`;
    if (found.notAfter < now) warn(1523, `SSL certificate for server "${host}" expired (${until})`);
    else if (found.notAfter < now + 240 * 3600 * SECOND)
      warn(1525, `SSL certificate for server "${host}" is about to expire (${until})`);
    return found;
  }

  #fill({ ingress, annotations }: ParsedIngress): void {
    for (const { host: given, http } of ingress.spec.rules ?? []) {
      const host = given === undefined || given === "" ? DEFAULT_SERVER : given;
      const one = this.#servers.get(host) ?? this.#servers.get(DEFAULT_SERVER)!;
      for (const path of http?.paths ?? []) {
        if (!path.backend.service) continue;
        const name = upstreamName(ingress.metadata.namespace ?? "", path.backend);
        const found = this.#upstreams.get(name)!;
        if (found.noServer) continue;
        if (annotations.redirect.fromToWww) one.redirectFromToWww = true;
        this.#addPath(one, path, name, ingress, annotations);
        this.#bind(found, one, path, annotations);
      }
    }
  }

  #addPath(
    one: Server,
    { path = "", pathType = "" }: HttpIngressPath,
    name: string,
    ingress: Ingress,
    annotations: Annotations,
  ): void {
    // prettier-ignore
    const nginxPath = path === "" ? "/" : path;
    const type = pathType === "ImplementationSpecific" && nginxPath === "/" ? "Prefix" : pathType;
    const known = one.locations.find((other) => other.path === nginxPath && sameType(other, pathType, type));
    if (!known) {
      one.locations.push({
        ...location(ingress, annotations, name, false),
        path: nginxPath,
        pathType,
        ingressPath: nginxPath,
      });
      return;
    }
    if (!known.isDefault) return;
    known.backend = name;
    known.isDefault = false;
    known.ingress = ingress;
    known.annotations = annotations;
  }

  #bind(found: Upstream, one: Server, { path = "" }: HttpIngressPath, { affinity }: Annotations): void {
    if (!affinity) return;
    const known = found.sessionAffinityConfig?.cookieSessionAffinity.locations ?? {};
    const locations: Record<string, readonly string[]> = { ...known };
    for (const host of [one.hostname, ...one.aliases]) locations[host] = [...(locations[host] ?? []), path === "" ? "/" : path]; // prettier-ignore
    found.sessionAffinityConfig = {
      name: "cookie",
      mode: affinity.mode,
      cookieSessionAffinity: {
        name: affinity.name,
        locations,
        ...(affinity.expires === "" ? {} : { expires: affinity.expires }),
        ...(affinity.maxAge === "" ? {} : { maxage: affinity.maxAge }),
        ...(affinity.path === "" ? {} : { path: affinity.path }),
        ...(affinity.domain === "" ? {} : { domain: affinity.domain }),
        ...(affinity.sameSite === "" ? {} : { samesite: affinity.sameSite }),
        ...(affinity.secure === undefined ? {} : { secure: affinity.secure }),
        ...(affinity.changeOnFailure ? { change_on_failure: true } : {}),
      },
    };
  }

  /** A canary becomes an alternative of the backends at its hosts and paths; without one it is dropped. */
  #merge({ ingress }: ParsedIngress): void {
    for (const { host: given, http } of ingress.spec.rules ?? []) {
      const host = given === undefined || given === "" ? DEFAULT_SERVER : given;
      for (const { backend, path = "", pathType } of http?.paths ?? []) {
        if (!backend.service) continue;
        const name = upstreamName(ingress.metadata.namespace ?? "", backend);
        const other = this.#upstreams.get(name);
        const one = this.#servers.get(host);
        if (!other) {
          this.#log("W", "controller.go:1688", `alternative backend ${name} has already been removed`);
          continue;
        }
        if (!one) {
          this.#log("E", "controller.go:1698", `cannot merge alternative backend ${name} into hostname ${host} that does not exist`); // prettier-ignore
          continue;
        }
        const nginxPath = path === "" ? "/" : path;
        const fitting = one.locations.filter((place) => place.path === nginxPath && place.pathType === pathType && place.backend !== DEFAULT_BACKEND); // prettier-ignore
        const mains = fitting.flatMap((place) => this.#upstreams.get(place.backend) ?? []);
        if (mains.some((main) => main.name === name)) {
          this.#log("W", "controller.go:1709", `alternative upstream ${name} in Ingress ${ingress.metadata.namespace}/${ingress.metadata.name} is primary upstream in Other Ingress for location ${host}${nginxPath}!`); // prettier-ignore
          continue;
        }
        for (const main of mains.filter(({ noServer }) => !noServer)) {
          if (main.sessionAffinityConfig) other.sessionAffinityConfig = main.sessionAffinityConfig;
          main.alternativeBackends = [...new Set([...(main.alternativeBackends ?? []), name])];
        }
        if (mains.length > 0) continue;
        this.#log("W", "controller.go:1726", `unable to find real backend for alternative backend ${name}. Deleting.`);
        this.#upstreams.delete(name);
      }
    }
  }

  /** `default-backend`: it answers instead of a backend without endpoints, and for `custom-http-errors`. */
  #customBackends(): void {
    for (const one of this.#servers.values())
      for (const place of one.locations) {
        const { defaultBackend, customHttpErrors } = place.annotations;
        const main = this.#upstreams.get(place.backend);
        if (defaultBackend === "" || !main || place.backend === DEFAULT_BACKEND) continue;
        if (main.endpoints.length > 0 && customHttpErrors.length === 0) continue;
        const namespace = place.ingress?.metadata.namespace ?? "";
        const service = this.#store.service(`${namespace}/${defaultBackend}`);
        const port = service?.spec.ports?.[0];
        if (!service || !port) continue;
        const endpoints = endpointsOf(service, port, this.#store.slices(service));
        if (endpoints.length === 0) continue;
        const name = `custom-default-backend-${namespace}-${defaultBackend}`;
        this.#upstreams.set(name, { ...main, name, endpoints });
        place.errorBackend = name;
        if (main.endpoints.length === 0) place.backend = name;
      }
  }
}

function sameType(other: Location, given: string, shown: string): boolean {
  return other.pathType === given || (other.isDefault && other.pathType === shown);
}

function backendsOf({ spec }: Ingress): IngressBackend[] {
  return [
    ...(spec.defaultBackend ? [spec.defaultBackend] : []),
    ...(spec.rules ?? []).flatMap(({ http }) => (http?.paths ?? []).map(({ backend }) => backend)),
  ];
}

/** `default-web-80`, which logs and metrics show. */
function upstreamName(namespace: string, { service }: IngressBackend): string {
  const port = service!.port.name ?? String(service!.port.number ?? "");
  return `${namespace}-${service!.name}-${port}`;
}

function upstream(name: string, endpoints: readonly Endpoint[]): Upstream {
  return { name, endpoints };
}

function server(hostname: string, locations: Location[]): Server {
  return {
    hostname,
    aliases: [],
    locations,
    certificate: undefined,
    redirectFromToWww: false,
    sslCiphers: "",
    sslPreferServerCiphers: "",
    snippet: "",
  };
}

function location(
  ingress: Ingress | undefined,
  annotations: Annotations,
  backend: string,
  isDefault: boolean,
): Location {
  return {
    path: "/",
    pathType: "Prefix",
    backend,
    isDefault,
    ingress,
    annotations,
    ingressPath: "/",
    errorBackend: DEFAULT_BACKEND,
    port: undefined,
  };
}
