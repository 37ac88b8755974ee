/** What the annotations of an Ingress ask for, with the defaults of the controller where they say nothing. */
export interface Annotations {
  readonly rewrite: {
    readonly target: string;
    readonly useRegex: boolean;
    readonly appRoot: string;
    readonly sslRedirect: boolean;
    readonly forceSslRedirect: boolean;
    readonly preserveTrailingSlash: boolean;
  };
  readonly redirect: { readonly url: string; readonly code: number; readonly fromToWww: boolean };
  readonly proxy: {
    readonly bodySize: string;
    readonly connectTimeout: number;
    readonly sendTimeout: number;
    readonly readTimeout: number;
    readonly buffering: string;
    readonly requestBuffering: string;
    readonly bufferSize: string;
    readonly buffersNumber: number;
    readonly maxTempFileSize: string;
    readonly httpVersion: string;
    readonly nextUpstream: string;
    readonly nextUpstreamTries: number;
    readonly nextUpstreamTimeout: number;
    readonly redirectFrom: string;
    readonly redirectTo: string;
  };
  readonly clientBodyBufferSize: string;
  readonly allow: readonly string[];
  readonly deny: readonly string[];
  readonly basicAuth: { readonly realm: string; readonly file: string } | undefined;
  /** Another server is asked whether a request may pass. */
  readonly externalAuth: ExternalAuth | undefined;
  /** Every request goes there, too, and the answer is thrown away. */
  readonly mirror: { readonly target: string; readonly host: string; readonly body: string; readonly source: string } | undefined; // prettier-ignore
  readonly satisfy: string;
  readonly rateLimit: RateLimit | undefined;
  readonly affinity: Affinity | undefined;
  readonly canary: Canary;
  readonly cors: Cors | undefined;
  /** Name of a Service of the same namespace. */
  readonly defaultBackend: string;
  readonly customHttpErrors: readonly number[];
  readonly backendProtocol: string;
  readonly upstreamVhost: string;
  readonly upstreamHashBy: string;
  readonly loadBalance: string;
  readonly serviceUpstream: boolean;
  readonly aliases: readonly string[];
  readonly xForwardedPrefix: string;
  readonly connectionHeader: string;
  readonly accessLog: boolean;
  readonly rewriteLog: boolean;
  readonly usePortInRedirects: boolean;
  readonly sslCiphers: string;
  readonly sslPreferServerCiphers: string;
  readonly configurationSnippet: string;
  readonly serverSnippet: string;
  /** Why its locations answer 503. */
  readonly denied: string | undefined;
}

export interface ExternalAuth {
  readonly url: string;
  readonly host: string;
  readonly method: string;
  readonly signin: string;
  readonly signinParameter: string;
  readonly requestRedirect: string;
  readonly responseHeaders: readonly string[];
  readonly alwaysSetCookie: boolean;
}

export interface RateLimit {
  /** `default_web_1c0…`: names its zones. */
  readonly name: string;
  readonly id: string;
  readonly connections: number;
  readonly rps: number;
  readonly rpm: number;
  readonly burst: number;
  readonly allow: readonly string[];
}

export interface Affinity {
  readonly mode: string;
  readonly name: string;
  readonly path: string;
  readonly domain: string;
  readonly expires: string;
  readonly maxAge: string;
  readonly sameSite: string;
  readonly secure: boolean | undefined;
  readonly changeOnFailure: boolean;
}

export interface Canary {
  readonly enabled: boolean;
  readonly weight: number;
  readonly weightTotal: number;
  readonly header: string;
  readonly headerValue: string;
  readonly headerPattern: string;
  readonly cookie: string;
}

export interface Cors {
  readonly origins: readonly string[];
  readonly methods: string;
  readonly headers: string;
  readonly credentials: boolean;
  readonly expose: string;
  readonly maxAge: number;
}
