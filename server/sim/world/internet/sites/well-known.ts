import { frontPage, NGINX_MISSING, PLAIN_MISSING, textPage, type Page, type Site } from "../site.ts";

/** IANA's domains for examples: one page for every path. */
function example(names: readonly string[], address: string): Site {
  const page = frontPage("Example Domain");
  return { names, address, missing: PLAIN_MISSING, page: ({ path }) => (path === "/" ? page : undefined) };
}

/** `google.com` is only a way to `www.google.com`, with or without TLS. */
const google: Site = {
  names: ["www.google.com", "google.com"],
  address: "198.51.100.30",
  server: "gws",
  missing: { type: "text/html; charset=UTF-8", text: "<!DOCTYPE html>\n<title>Error 404 (Not Found)!!1</title>\n" },
  page({ host, path, search, secure }) {
    if (host === "google.com") return movedByGoogle(`http${secure ? "s" : ""}://www.google.com${path}${search}`);
    return path === "/" ? frontPage("Google") : undefined;
  },
};

function movedByGoogle(to: string): Page {
  const head =
    '<HTML><HEAD><meta http-equiv="content-type" content="text/html;charset=utf-8">\n<TITLE>301 Moved</TITLE></HEAD><BODY>\n<H1>301 Moved</H1>\n';
  const text = `${head}The document has moved\n<A HREF="${to}">here</A>.\r\n</BODY></HTML>\r\n`;
  return { moved: 301, to, type: "text/html; charset=UTF-8", text };
}

/** Services that tell a client by which address the world sees it. */
const mirror: Site = {
  names: ["ifconfig.me", "icanhazip.com", "ipv4.icanhazip.com", "api.ipify.org", "checkip.amazonaws.com"],
  address: "198.51.100.60",
  missing: PLAIN_MISSING,
  page({ host, path, client }) {
    if (path !== "/" && !(host === "ifconfig.me" && path === "/ip")) return undefined;
    const line = host.endsWith("icanhazip.com") || host === "checkip.amazonaws.com";
    return textPage(line ? `${client}\n` : client, "text/plain");
  },
};

/** Recursive name servers have web sites of their names on the same addresses. */
const dnsGoogle: Site = {
  names: ["dns.google"],
  address: "8.8.8.8",
  server: "HTTP server (unknown)",
  upgrades: true,
  missing: PLAIN_MISSING,
  page: ({ path }) => (path === "/" ? frontPage("Google Public DNS") : undefined),
};

const dnsCloudflare: Site = {
  names: ["one.one.one.one", "1.1.1.1"],
  address: "1.1.1.1",
  server: "cloudflare",
  upgrades: true,
  missing: PLAIN_MISSING,
  page: ({ path }) => (path === "/" ? frontPage("1.1.1.1") : undefined),
};

/** A site of which only the front door is in the world. */
function door(title: string, address: string, names: readonly string[], upgrades = true): Site {
  const page = frontPage(title);
  return { names, address, upgrades, missing: NGINX_MISSING, page: ({ path }) => (path === "/" ? page : undefined) };
}

export const wellKnownSites: readonly Site[] = [
  example(["example.com", "www.example.com"], "198.51.100.10"),
  example(["example.org", "www.example.org"], "198.51.100.11"),
  example(["example.net", "www.example.net"], "198.51.100.12"),
  google,
  mirror,
  dnsGoogle,
  dnsCloudflare,
  door("registry.k8s.io", "198.51.100.50", ["registry.k8s.io"]),
  door("Docker", "198.51.100.51", ["www.docker.com", "docker.com", "docker.io", "hub.docker.com"]),
  door("Docker Registry", "198.51.100.52", ["registry-1.docker.io", "auth.docker.io"]),
  door("Quay", "198.51.100.53", ["quay.io"]),
  door("GitHub Packages", "198.51.100.54", ["ghcr.io"]),
  door("Artifact Registry", "198.51.100.55", ["gcr.io", "k8s.gcr.io"]),
  door("NGINX", "198.51.100.61", ["nginx.org", "www.nginx.org", "nginx.com", "www.nginx.com"]),
  door("Wikipedia", "198.51.100.62", ["www.wikipedia.org", "wikipedia.org", "en.wikipedia.org"]),
  door("Ubuntu", "198.51.100.63", ["ubuntu.com", "www.ubuntu.com"]),
  door("NeverSSL", "198.51.100.65", ["neverssl.com"], false),
  door("Cloudflare", "198.51.100.66", ["cloudflare.com", "www.cloudflare.com"]),
  door("CoreDNS", "198.51.100.67", ["coredns.io"]),
];
