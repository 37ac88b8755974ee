import type { Ingress } from "../../../api/index.ts";
import type { ControllerConfig } from "../config-map.ts";
import type { Affinity, Annotations, Canary, Cors, ExternalAuth, RateLimit } from "./annotations.ts";
import { isSimulated, validatorOf } from "./fields.ts";

/** What annotations may ask the controller for while they are read. */
export interface AnnotationContext {
  readonly prefix: string;
  readonly config: ControllerConfig;
  readonly validate: boolean;
  readonly snippets: boolean;
  /** Data of a Secret, in bytes; undefined if there is none. */
  secret(
    namespace: string,
    name: string,
  ): { readonly uid: string; readonly data: Readonly<Record<string, string>> } | undefined;
  /** Writes a file into the container. */
  write(path: string, text: string): void;
}

export type Parsed =
  | { readonly annotations: Annotations; readonly unsimulated: readonly string[] }
  | { readonly error: string; readonly name: string; readonly value: string };

const CORS_METHODS = "GET, PUT, POST, DELETE, PATCH, OPTIONS";
const CORS_HEADERS =
  "DNT,Keep-Alive,User-Agent,X-Requested-With,If-Modified-Since,Cache-Control,Content-Type,Range,Authorization";

/** Values that are taken for the usual ones, and said to be. */
const UNSIMULATED_VALUES: Readonly<Record<string, RegExp>> = {
  "backend-protocol": /^(?:grpcs?|fcgi)$/i,
  "load-balance": /^ewma$/,
};

/** annotations.Extract: a value that is not valid makes the whole Ingress be ignored. */
export function parseAnnotations(ingress: Ingress, context: AnnotationContext): Parsed {
  const values = new Map<string, string>();
  const unsimulated: string[] = [];
  for (const [key, value] of Object.entries(ingress.metadata.annotations ?? {})) {
    if (!key.startsWith(`${context.prefix}/`) || value === "") continue;
    const name = key.slice(context.prefix.length + 1);
    const valid = validatorOf(name);
    if (!valid) continue;
    if (context.validate && !valid(value)) return { error: `annotation ${key} contains invalid value`, name, value };
    const simulated = isSimulated(name);
    if (simulated) values.set(name, value);
    if (!simulated || UNSIMULATED_VALUES[name]?.test(value.trim())) unsimulated.push(name);
  }
  return { annotations: new Reader(ingress, values, context).read(), unsimulated };
}

class Reader {
  readonly #ingress: Ingress;
  readonly #values: ReadonlyMap<string, string>;
  readonly #context: AnnotationContext;
  #denied: string | undefined;

  constructor(ingress: Ingress, values: ReadonlyMap<string, string>, context: AnnotationContext) {
    this.#ingress = ingress;
    this.#values = values;
    this.#context = context;
  }

  read(): Annotations {
    const { config } = this.#context;
    const basicAuth = this.#basicAuth();
    return {
      rewrite: {
        target: this.#text("rewrite-target"),
        useRegex: this.#flag("use-regex"),
        appRoot: this.#text("app-root"),
        sslRedirect: this.#flag("ssl-redirect", config.flag("ssl-redirect")),
        forceSslRedirect: this.#flag("force-ssl-redirect", config.flag("force-ssl-redirect")),
        preserveTrailingSlash: this.#flag("preserve-trailing-slash"),
      },
      redirect: this.#redirect(),
      proxy: {
        bodySize: this.#text("proxy-body-size", config.text("proxy-body-size")),
        connectTimeout: this.#number("proxy-connect-timeout", config.number("proxy-connect-timeout")),
        sendTimeout: this.#number("proxy-send-timeout", config.number("proxy-send-timeout")),
        readTimeout: this.#number("proxy-read-timeout", config.number("proxy-read-timeout")),
        buffering: this.#text("proxy-buffering", config.text("proxy-buffering")),
        requestBuffering: this.#text("proxy-request-buffering", config.text("proxy-request-buffering")),
        bufferSize: this.#text("proxy-buffer-size", config.text("proxy-buffer-size")),
        buffersNumber: this.#number("proxy-buffers-number", config.number("proxy-buffers-number")),
        maxTempFileSize: this.#text("proxy-max-temp-file-size", config.text("proxy-max-temp-file-size")),
        httpVersion: this.#text("proxy-http-version", config.text("proxy-http-version")),
        nextUpstream: this.#text("proxy-next-upstream", config.text("proxy-next-upstream")),
        nextUpstreamTries: this.#number("proxy-next-upstream-tries", config.number("proxy-next-upstream-tries")),
        nextUpstreamTimeout: this.#number("proxy-next-upstream-timeout", config.number("proxy-next-upstream-timeout")),
        redirectFrom: this.#text("proxy-redirect-from", config.text("proxy-redirect-from")),
        redirectTo: this.#text("proxy-redirect-to", config.text("proxy-redirect-to")),
      },
      clientBodyBufferSize: this.#text("client-body-buffer-size"),
      allow: this.#list("allowlist-source-range", this.#list("whitelist-source-range", config.list("whitelist-source-range"))).toSorted(), // prettier-ignore
      deny: this.#list("denylist-source-range", config.list("denylist-source-range")).toSorted(),
      basicAuth,
      externalAuth: this.#externalAuth(),
      mirror: this.#mirror(),
      satisfy: this.#text("satisfy"),
      rateLimit: this.#rateLimit(),
      affinity: this.#affinity(),
      canary: this.#canary(),
      cors: this.#cors(),
      defaultBackend: this.#text("default-backend"),
      customHttpErrors: this.#list("custom-http-errors").map(Number),
      backendProtocol: this.#text("backend-protocol", "HTTP").trim().toUpperCase(),
      upstreamVhost: this.#text("upstream-vhost"),
      upstreamHashBy: this.#text("upstream-hash-by"),
      loadBalance: this.#text("load-balance", config.text("load-balance")),
      serviceUpstream: this.#flag("service-upstream", config.flag("service-upstream")),
      aliases: this.#list("server-alias"),
      xForwardedPrefix: this.#text("x-forwarded-prefix"),
      connectionHeader: this.#text("connection-proxy-header"),
      accessLog: this.#flag("enable-access-log", true),
      rewriteLog: this.#flag("enable-rewrite-log"),
      usePortInRedirects: this.#flag("use-port-in-redirects"),
      sslCiphers: this.#text("ssl-ciphers"),
      sslPreferServerCiphers: this.#values.has("ssl-prefer-server-ciphers") ? (this.#flag("ssl-prefer-server-ciphers") ? "on" : "off") : "", // prettier-ignore
      configurationSnippet: this.#context.snippets ? this.#text("configuration-snippet") : "",
      serverSnippet: this.#context.snippets ? this.#text("server-snippet") : "",
      denied: this.#denied,
    };
  }

  #text(name: string, standard = ""): string {
    return this.#values.get(name) ?? standard;
  }

  #flag(name: string, standard = false): boolean {
    const text = this.#values.get(name);
    return text === undefined ? standard : /^(?:1|t|true)$/i.test(text);
  }

  #number(name: string, standard: number): number {
    const text = this.#values.get(name);
    return text === undefined ? standard : Number(text);
  }

  #list(name: string, standard: readonly string[] = []): readonly string[] {
    const text = this.#values.get(name);
    if (text === undefined) return standard;
    return text.split(",").map((word) => word.trim()).filter((word) => word !== ""); // prettier-ignore
  }

  /** A code outside of what redirects may have is the usual one (annotations/redirect). */
  #redirect(): Annotations["redirect"] {
    const fromToWww = this.#flag("from-to-www-redirect");
    const code = (name: string, standard: number): number => {
      const given = this.#number(name, standard);
      return given >= 300 && given <= 308 ? given : standard;
    };
    const temporal = this.#text("temporal-redirect");
    if (temporal !== "") return { url: temporal, code: code("temporal-redirect-code", 302), fromToWww };
    const permanent = this.#text("permanent-redirect");
    return { url: permanent, code: permanent === "" ? 0 : code("permanent-redirect-code", 301), fromToWww };
  }

  /** annotations/auth: the file that nginx checks passwords with is written from a Secret. */
  #basicAuth(): Annotations["basicAuth"] {
    const type = this.#text("auth-type");
    if (type === "") return undefined;
    const deny = (why: string): undefined => void (this.#denied ??= why);
    if (type !== "basic") return deny("drydock: nginx-ingress-controller: auth-type digest is not simulated");
    const reference = this.#text("auth-secret");
    const { namespace = "", name } = this.#ingress.metadata;
    if (reference === "") return deny("error reading secret name from annotation: ingress rule without annotations");
    const [first, second] = reference.split("/") as [string, string?];
    const [secretNamespace, secretName] = second === undefined ? [namespace, first] : [first, second];
    if (secretNamespace !== namespace) return deny("cross namespace usage of secrets is not allowed");
    const secret = this.#context.secret(secretNamespace, secretName);
    const key = `${secretNamespace}/${secretName}`;
    if (!secret) return deny(`unexpected error reading secret ${key}: no object matching key "${key}" in local store`);
    let text: string;
    if (this.#text("auth-secret-type", "auth-file") === "auth-map")
      text = Object.entries(secret.data).map(([user, hash]) => `${user}:${hash}`).toSorted().join("\n"); // prettier-ignore
    else if (secret.data["auth"] === undefined) return deny(`the secret ${key} does not contain a key with value auth`);
    else text = secret.data["auth"];
    const file = `/etc/ingress-controller/auth/${namespace}-${name}-${secret.uid}-${secret.uid}.passwd`;
    this.#context.write(file, text);
    return { realm: this.#text("auth-realm"), file };
  }

  /** annotations/authreq */
  #externalAuth(): ExternalAuth | undefined {
    const url = this.#text("auth-url");
    if (url === "") return undefined;
    const host = hostOf(url);
    if (host === undefined) return void (this.#denied ??= `could not parse auth-url annotation: url scheme is empty`);
    const responseHeaders = this.#list("auth-response-headers");
    return {
      url,
      host,
      method: this.#text("auth-method"),
      signin: this.#text("auth-signin"),
      signinParameter: this.#text("auth-signin-redirect-param"),
      requestRedirect: this.#text("auth-request-redirect"),
      responseHeaders,
      alwaysSetCookie: this.#flag("auth-always-set-cookie"),
    };
  }

  /** annotations/mirror */
  #mirror(): Annotations["mirror"] {
    const target = this.#text("mirror-target");
    if (target === "") return undefined;
    const host = this.#text("mirror-host", hostOf(target) ?? "");
    return {
      target,
      host,
      body: this.#text("mirror-request-body", "on"),
      source: `/_mirror-${this.#ingress.metadata.uid}`,
    };
  }

  #rateLimit(): RateLimit | undefined {
    const [connections, rps, rpm] = ["limit-connections", "limit-rps", "limit-rpm"].map((name) => this.#number(name, 0)) as [number, number, number]; // prettier-ignore
    if (connections <= 0 && rps <= 0 && rpm <= 0) return undefined;
    const { namespace = "", name, uid } = this.#ingress.metadata;
    const zone = `${namespace}_${name}_${uid}`;
    return {
      name: zone,
      id: Buffer.from(zone).toString("base64").replaceAll("=", ""),
      connections,
      rps,
      rpm,
      burst: this.#number("limit-burst-multiplier", 5),
      allow: this.#list("limit-allowlist", this.#list("limit-whitelist")),
    };
  }

  #affinity(): Affinity | undefined {
    if (this.#text("affinity") !== "cookie") return undefined;
    return {
      mode: this.#text("affinity-mode", "balanced"),
      name: this.#text("session-cookie-name", "INGRESSCOOKIE"),
      path: this.#text("session-cookie-path"),
      domain: this.#text("session-cookie-domain"),
      expires: this.#text("session-cookie-expires"),
      maxAge: this.#text("session-cookie-max-age"),
      sameSite: this.#text("session-cookie-samesite"),
      secure: this.#values.has("session-cookie-secure") ? this.#flag("session-cookie-secure") : undefined,
      changeOnFailure: this.#flag("session-cookie-change-on-failure"),
    };
  }

  #canary(): Canary {
    return {
      enabled: this.#flag("canary"),
      weight: this.#number("canary-weight", 0),
      weightTotal: this.#number("canary-weight-total", 100),
      header: this.#text("canary-by-header"),
      headerValue: this.#text("canary-by-header-value"),
      headerPattern: this.#text("canary-by-header-pattern"),
      cookie: this.#text("canary-by-cookie"),
    };
  }

  #cors(): Cors | undefined {
    if (!this.#flag("enable-cors")) return undefined;
    return {
      origins: this.#list("cors-allow-origin", ["*"]),
      methods: this.#text("cors-allow-methods", CORS_METHODS),
      headers: this.#text("cors-allow-headers", CORS_HEADERS),
      credentials: this.#flag("cors-allow-credentials", true),
      expose: this.#text("cors-expose-headers"),
      maxAge: this.#number("cors-max-age", 1_728_000),
    };
  }
}

/** The host of an address with a scheme, as nginx is told of it. */
function hostOf(url: string): string | undefined {
  return /^[a-z]+:\/\/([^/?#:]+)/i.exec(url)?.[1];
}
