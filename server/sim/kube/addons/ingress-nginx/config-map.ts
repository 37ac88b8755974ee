/** Options of the controller's ConfigMap that have an effect here, with their defaults (internal/ingress/controller/config/config.go). */
const DEFAULTS = {
  "access-log-path": "/var/log/nginx/access.log",
  "allow-backend-server-header": "false",
  "allow-snippet-annotations": "false",
  "annotation-value-word-blocklist": "",
  "annotations-risk-level": "High",
  "block-cidrs": "",
  "block-user-agents": "",
  "block-referers": "",
  "client-body-buffer-size": "8k",
  "client-body-timeout": "60",
  "client-header-buffer-size": "1k",
  "client-header-timeout": "60",
  "compute-full-forwarded-for": "false",
  "custom-http-errors": "",
  "default-type": "text/html",
  "disable-access-log": "false",
  "enable-access-log-for-default-backend": "false",
  "enable-underscores-in-headers": "false",
  "error-log-level": "notice",
  "error-log-path": "/var/log/nginx/error.log",
  "force-ssl-redirect": "false",
  "forwarded-for-header": "X-Forwarded-For",
  "generate-request-id": "true",
  "gzip-level": "1",
  "gzip-min-length": "256",
  "gzip-types":
    "application/atom+xml application/javascript application/x-javascript application/json application/rss+xml application/vnd.ms-fontobject application/x-font-ttf application/x-web-app-manifest+json application/xhtml+xml application/xml font/opentype image/svg+xml image/x-icon text/css text/javascript text/plain text/x-component",
  "hide-headers": "",
  hsts: "true",
  "hsts-include-subdomains": "true",
  "hsts-max-age": "31536000",
  "hsts-preload": "false",
  "http-redirect-code": "308",
  "http-snippet": "",
  "ignore-invalid-headers": "true",
  "keep-alive": "75",
  "keep-alive-requests": "1000",
  "large-client-header-buffers": "4 8k",
  "limit-conn-status-code": "503",
  "limit-conn-zone-variable": "$binary_remote_addr",
  "limit-req-status-code": "503",
  "load-balance": "round_robin",
  "location-snippet": "",
  "log-format-escape-json": "false",
  "log-format-escape-none": "false",
  "log-format-upstream":
    '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" $request_length $request_time [$proxy_upstream_name] [$proxy_alternative_upstream_name] $upstream_addr $upstream_response_length $upstream_response_time $upstream_status $req_id',
  "main-snippet": "",
  "map-hash-bucket-size": "64",
  "max-worker-connections": "16384",
  "max-worker-open-files": "1047552",
  "no-tls-redirect-locations": "/.well-known/acme-challenge",
  "proxy-add-original-uri-header": "false",
  "proxy-body-size": "1m",
  "proxy-buffer-size": "4k",
  "proxy-buffering": "off",
  "proxy-buffers-number": "4",
  "proxy-connect-timeout": "5",
  "proxy-http-version": "1.1",
  "proxy-max-temp-file-size": "1024m",
  "proxy-next-upstream": "error timeout",
  "proxy-next-upstream-timeout": "0",
  "proxy-next-upstream-tries": "3",
  "proxy-read-timeout": "60",
  "proxy-redirect-from": "off",
  "proxy-redirect-to": "off",
  "proxy-request-buffering": "on",
  "proxy-send-timeout": "60",
  "retry-non-idempotent": "false",
  "server-name-hash-bucket-size": "64",
  "server-name-hash-max-size": "1024",
  "server-snippet": "",
  "server-tokens": "false",
  "service-upstream": "false",
  "skip-access-log-urls": "",
  "ssl-buffer-size": "4k",
  "ssl-ciphers":
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305:DHE-RSA-AES128-GCM-SHA256:DHE-RSA-AES256-GCM-SHA384",
  "ssl-early-data": "false",
  "ssl-ecdh-curve": "auto",
  "ssl-protocols": "TLSv1.2 TLSv1.3",
  "ssl-redirect": "true",
  "ssl-reject-handshake": "false",
  "ssl-session-cache": "true",
  "ssl-session-cache-size": "10m",
  "ssl-session-tickets": "false",
  "ssl-session-timeout": "10m",
  "strict-validate-path-type": "true",
  "upstream-keepalive-connections": "320",
  "upstream-keepalive-requests": "10000",
  "upstream-keepalive-time": "1h",
  "upstream-keepalive-timeout": "60",
  "use-forwarded-headers": "false",
  "use-gzip": "false",
  "use-http2": "true",
  "variables-hash-bucket-size": "256",
  "variables-hash-max-size": "2048",
  "whitelist-source-range": "",
  "denylist-source-range": "",
  "worker-processes": "auto",
  "worker-shutdown-timeout": "240s",
} as const;

export type ConfigOption = keyof typeof DEFAULTS;

export class ControllerConfig {
  readonly #data: Readonly<Record<string, string>>;

  constructor(data: Readonly<Record<string, string>>) {
    this.#data = data;
  }

  text(name: ConfigOption): string {
    const given = this.#data[name];
    return given === undefined || given === "" ? DEFAULTS[name] : given;
  }

  flag(name: ConfigOption): boolean {
    return /^(?:1|t|true)$/i.test(this.text(name));
  }

  number(name: ConfigOption): number {
    const given = Number(this.text(name));
    return Number.isNaN(given) ? Number(DEFAULTS[name]) : given;
  }

  list(name: ConfigOption): readonly string[] {
    return this.text(name)
      .split(",")
      .map((word) => word.trim())
      .filter((word) => word !== "");
  }

  /** Keys that we do not know. */
  get unsimulated(): readonly string[] {
    return Object.keys(this.#data).filter((name) => !(name in DEFAULTS));
  }
}
