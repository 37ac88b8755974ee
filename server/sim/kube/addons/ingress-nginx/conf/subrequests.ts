import { createHash } from "node:crypto";
import type { ExternalAuth } from "../annotations/annotations.ts";
import type { ControllerConfig } from "../config-map.ts";
import type { Location } from "../model/server.ts";
import { quoted, type ConfWriter } from "./writer.ts";

/** Where a location asks whether a request may pass (template.go buildAuthLocation). */
function authPath({ path, pathType }: Location): string {
  const name = Buffer.from(path).toString("base64url");
  return `/_external-auth-${name}-${pathType === "" ? "default" : pathType}`;
}

/** template.go buildAuthSignURLLocation */
function signinPlace({ path }: Location, url: string): string {
  return `@${createHash("sha1")
    .update(path + url)
    .digest("hex")}`;
}

/** Locations that only nginx itself asks: the external authorities of a server's locations, sign-in pages, mirrors. */
export function writeSubrequestLocations(
  out: ConfWriter,
  locations: readonly Location[],
  config: ControllerConfig,
): void {
  const sources = new Set<string>();
  for (const place of locations) {
    const { externalAuth, mirror, denied } = place.annotations;
    if (mirror && !sources.has(mirror.source)) {
      sources.add(mirror.source);
      writeMirror(out, mirror);
    }
    if (!externalAuth || denied !== undefined) continue;
    writeAuthority(out, place, externalAuth, config);
    if (externalAuth.signin === "") continue;
    out.block(`location ${signinPlace(place, externalAuth.signin)}`, () => {
      out.line("internal;", "", "add_header Set-Cookie $auth_cookie;", "", `return 302 ${signinUrl(externalAuth)};`);
    });
    out.line("");
  }
}

function writeAuthority(out: ConfWriter, place: Location, auth: ExternalAuth, config: ControllerConfig): void {
  const header = (name: string, value: string): void =>
    out.line(`proxy_set_header            ${name.padEnd(23)} ${value};`);
  out.block(`location = ${authPath(place)}`, () => {
    out.line("internal;", "", "access_log off;", "");
    out.line(
      "# the request's own backend, which this location would change",
      `set $proxy_upstream_name ${quoted(place.backend)};`,
      "",
    );
    out.line("proxy_pass_request_body     off;");
    header("Content-Length", '""');
    header("X-Forwarded-Proto", '""');
    header("X-Request-ID", "$req_id");
    if (auth.method !== "") {
      out.line(`proxy_method                ${auth.method};`);
      header("X-Original-URI", "$request_uri");
      header("X-Scheme", "$pass_access_scheme");
    }
    header("Host", quoted(auth.host));
    header("X-Original-URL", "$scheme://$http_host$request_uri");
    header("X-Original-Method", "$request_method");
    header("X-Sent-From", '"nginx-ingress-controller"');
    header("X-Real-IP", "$remote_addr");
    const full = config.flag("use-forwarded-headers") && config.flag("compute-full-forwarded-for");
    header("X-Forwarded-For", full ? "$full_x_forwarded_for" : "$remote_addr");
    header("X-Auth-Request-Redirect", auth.requestRedirect === "" ? "$request_uri" : auth.requestRedirect);
    const { proxy } = place.annotations;
    out.line("", `proxy_buffering             ${proxy.buffering};`, `proxy_buffer_size           ${proxy.bufferSize};`);
    out.line(
      `proxy_buffers               ${proxy.buffersNumber} ${proxy.bufferSize};`,
      `proxy_request_buffering     ${proxy.requestBuffering};`,
      "",
    );
    out.line("proxy_pass_request_headers  on;", "", `client_max_body_size        ${proxy.bodySize};`, "");
    out.line(`proxy_http_version ${proxy.httpVersion};`, `set $target ${auth.url};`, "proxy_pass $target;");
  });
  out.line("");
}

function writeMirror(
  out: ConfWriter,
  { source, target, host, body }: NonNullable<Location["annotations"]["mirror"]>,
): void {
  out.block(`location = ${source}`, () => {
    out.line("internal;", `proxy_pass_request_body ${body};`);
    if (body === "off") out.line('proxy_set_header Content-Length "";');
    out.line(`proxy_set_header Host ${quoted(host)};`, `proxy_pass ${quoted(target)};`);
  });
  out.line("");
}

/** What a location says of its authority and mirror. */
export function writeSubrequests(out: ConfWriter, place: Location): void {
  const { externalAuth, mirror } = place.annotations;
  if (externalAuth) {
    out.line("# this location requires authentication", `auth_request        ${authPath(place)};`);
    out.line("auth_request_set    $auth_cookie $upstream_http_set_cookie;");
    out.line(`add_header          Set-Cookie $auth_cookie${externalAuth.alwaysSetCookie ? " always" : ""};`);
    for (const [at, name] of externalAuth.responseHeaders.entries()) {
      const variable = `$upstream_http_${name.toLowerCase().replaceAll("-", "_")}`;
      out.line(`auth_request_set $authHeader${at} ${variable};`, `proxy_set_header '${name}' $authHeader${at};`);
    }
    if (externalAuth.signin !== "")
      out.line(
        "set_escape_uri $escaped_request_uri $request_uri;",
        `error_page 401 = ${signinPlace(place, externalAuth.signin)};`,
      );
    out.line("");
  }
  if (mirror) out.line(`mirror ${mirror.source};`, `mirror_request_body ${mirror.body};`, "");
}

/** template.go buildAuthSignURL */
function signinUrl({ signin, signinParameter }: ExternalAuth): string {
  const name = signinParameter === "" ? "rd" : signinParameter;
  const back = "$pass_access_scheme://$http_host$escaped_request_uri";
  if (!signin.includes("?")) return `${signin}?${name}=${back}`;
  const given = new RegExp(`[?&]${name.replaceAll(/[^\w-]/g, "")}=.`);
  return given.test(signin) ? signin : `${signin}&${name}=${back}`;
}
