import { parsePrefix, parseAddress } from "../../../../net/index.ts";

/** Whether a value is one that the controller takes (internal/ingress/annotations/parser/validators.go). */
type Validator = (value: string) => boolean;

const ALPHA = String.raw`\-._~a-zA-Z0-9/:`;
const pattern = (text: string): Validator => {
  const regexp = new RegExp(text);
  return (value) => regexp.test(value) && !/[\r\n]/.test(value);
};

const bool = pattern("^(?:1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$");
const int = pattern(String.raw`^[-+]?\d+$`);
const size = pattern(String.raw`^\d+[bkmgBKMG]?$`);
const basic = pattern(`^[${ALPHA}]*$`);
const url = pattern(`^[${ALPHA},:?&=]*$`);
const urlWithVariables = pattern(`^[${ALPHA}, :?&=$]*$`);
const capture = pattern(`^/?[${ALPHA}$]*$`);
const regex = pattern(String.raw`^[${ALPHA}^$\[\](){}*+?|&=\\]*$`);
const headers = pattern("^[A-Za-z0-9-_, ]*$");
const words =
  (...options: readonly string[]): Validator =>
  (value) =>
    options.includes(value.trim().toLowerCase());
const cidrs: Validator = (value) =>
  value.split(",").every((one) => parseAddress(one.trim()) !== undefined || parsePrefix(one.trim()) !== undefined);
const serviceName = pattern("^[a-z](?:[a-z0-9-]*[a-z0-9])?$");
const any: Validator = () => true;

/** The annotations that have an effect here, without their prefix. */
const SIMULATED: Readonly<Record<string, Validator>> = {
  "rewrite-target": capture,
  "use-regex": bool,
  "app-root": capture,
  "ssl-redirect": bool,
  "force-ssl-redirect": bool,
  "preserve-trailing-slash": bool,
  "permanent-redirect": urlWithVariables,
  "permanent-redirect-code": int,
  "temporal-redirect": urlWithVariables,
  "temporal-redirect-code": int,
  "from-to-www-redirect": bool,
  "backend-protocol": words("auto_http", "http", "https", "grpc", "grpcs", "fcgi"),
  "proxy-body-size": size,
  "proxy-connect-timeout": int,
  "proxy-send-timeout": int,
  "proxy-read-timeout": int,
  "proxy-buffering": words("on", "off"),
  "proxy-request-buffering": words("on", "off"),
  "proxy-buffer-size": size,
  "proxy-buffers-number": int,
  "proxy-max-temp-file-size": size,
  "proxy-http-version": words("1.0", "1.1"),
  "proxy-next-upstream": pattern("^[a-z0-9_ ]*$"),
  "proxy-next-upstream-tries": int,
  "proxy-next-upstream-timeout": int,
  "proxy-redirect-from": urlWithVariables,
  "proxy-redirect-to": urlWithVariables,
  "client-body-buffer-size": size,
  "whitelist-source-range": cidrs,
  "allowlist-source-range": cidrs,
  "denylist-source-range": cidrs,
  "auth-type": words("basic", "digest"),
  "auth-secret": basic,
  "auth-secret-type": words("auth-file", "auth-map"),
  "auth-realm": pattern(`^[${ALPHA} ]*$`),
  "auth-url": urlWithVariables,
  "auth-signin": urlWithVariables,
  "auth-signin-redirect-param": urlWithVariables,
  "auth-method": pattern("^[A-Z]+$"),
  "auth-response-headers": headers,
  "auth-request-redirect": urlWithVariables,
  "auth-always-set-cookie": bool,
  "mirror-target": urlWithVariables,
  "mirror-host": urlWithVariables,
  "mirror-request-body": words("on", "off"),
  satisfy: words("any", "all"),
  "limit-rps": int,
  "limit-rpm": int,
  "limit-connections": int,
  "limit-burst-multiplier": int,
  "limit-whitelist": cidrs,
  "limit-allowlist": cidrs,
  affinity: words("cookie"),
  "affinity-mode": words("balanced", "persistent"),
  "affinity-canary-behavior": words("sticky", "legacy"),
  "session-cookie-name": pattern("^[A-Za-z0-9-_]*$"),
  "session-cookie-path": basic,
  "session-cookie-domain": basic,
  "session-cookie-expires": int,
  "session-cookie-max-age": int,
  "session-cookie-samesite": words("none", "lax", "strict"),
  "session-cookie-secure": bool,
  "session-cookie-change-on-failure": bool,
  canary: bool,
  "canary-weight": int,
  "canary-weight-total": int,
  "canary-by-header": basic,
  "canary-by-header-value": pattern(`^[${ALPHA}, ]*$`),
  "canary-by-header-pattern": regex,
  "canary-by-cookie": basic,
  "enable-cors": bool,
  "cors-allow-origin": pattern(
    String.raw`^(?:\*|(?:[a-z]+://)?[A-Za-z0-9*.:\-]+(?:,\s*(?:[a-z]+://)?[A-Za-z0-9*.:\-]+)*)$`,
  ),
  "cors-allow-methods": pattern("^[A-Za-z]+(?:,\\s*[A-Za-z]+)*$"),
  "cors-allow-headers": headers,
  "cors-expose-headers": pattern(String.raw`^(?:[A-Za-z0-9\-_]+|\*)(?:,\s*[A-Za-z0-9\-_]+)*$`),
  "cors-allow-credentials": bool,
  "cors-max-age": int,
  "default-backend": serviceName,
  "custom-http-errors": pattern(String.raw`^\d{3}(?:,\s*\d{3})*$`),
  "upstream-vhost": regex,
  "upstream-hash-by": pattern(String.raw`^[\w$/:.?&= {}~\-]*$`),
  "load-balance": words("round_robin", "ewma"),
  "service-upstream": bool,
  "server-alias": (value) => value.split(",").every((one) => regex(one.trim())),
  "x-forwarded-prefix": basic,
  "connection-proxy-header": pattern(String.raw`^(?:close|keep-alive|upgrade|)$`),
  "enable-access-log": bool,
  "enable-rewrite-log": bool,
  "use-port-in-redirects": bool,
  "ssl-ciphers": pattern(String.raw`^[A-Za-z0-9+:_\-!@ ]*$`),
  "ssl-prefer-server-ciphers": bool,
  "configuration-snippet": any,
  "server-snippet": any,
};

/** Known to the controller, and not to us. */
const UNSIMULATED: Readonly<Record<string, Validator>> = {
  ...Object.fromEntries(
    ["auth-cache-key", "auth-cache-duration",
      "auth-proxy-set-headers", "auth-snippet", "auth-keepalive", "enable-global-auth", "auth-tls-secret", "auth-tls-verify-client", "auth-tls-verify-depth",
      "auth-tls-error-page", "auth-tls-pass-certificate-to-upstream", "auth-tls-match-cn", "proxy-ssl-secret", "proxy-ssl-verify",
      "proxy-ssl-name", "proxy-ssl-server-name", "proxy-ssl-ciphers", "proxy-ssl-protocols", "proxy-ssl-verify-depth",
      "proxy-cookie-domain", "proxy-cookie-path", "ssl-passthrough",
      "enable-modsecurity", "enable-owasp-core-rules", "modsecurity-snippet", "modsecurity-transaction-id", "stream-snippet",
      "limit-rate", "limit-rate-after", "upstream-hash-by-subset", "upstream-hash-by-subset-size", "fastcgi-index",
      "fastcgi-params-configmap", "enable-opentelemetry", "opentelemetry-trust-incoming-span", "opentelemetry-operation-name",
      "custom-headers", "session-cookie-conditional-samesite-none", "relative-redirects", "disable-proxy-intercept-errors",
      "proxy-busy-buffers-size", "http2-push-preload"].map((name) => [name, url]),
  ),
  "auth-snippet": any, "modsecurity-snippet": any, "stream-snippet": any,
}; // prettier-ignore

export function validatorOf(name: string): Validator | undefined {
  return SIMULATED[name] ?? UNSIMULATED[name];
}

export function isSimulated(name: string): boolean {
  return SIMULATED[name] !== undefined;
}
