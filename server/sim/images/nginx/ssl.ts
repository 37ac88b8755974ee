import { createPrivateKey, X509Certificate } from "node:crypto";
import { isAbsolute } from "../../host/index.ts";
import type { Bytes } from "../../kernel/index.ts";
import { ConfError } from "./conf-error.ts";
import type { ConfWorld } from "./conf-source.ts";
import { parseListen } from "./listen.ts";
import type { ConfNode } from "./parse.ts";

/** Where relative paths start: nginx' prefix. */
export const PREFIX = "/etc/nginx";

/** The PEM texts of a server's certificate chain, leaf first; none if it has no certificate of its own or of `http`. */
export function loadCertificates(server: ConfNode, world: ConfWorld): readonly string[] {
  const path = setting(server, "ssl_certificate");
  if (path === undefined) return [];
  const keyPath = setting(server, "ssl_certificate_key");
  if (keyPath === undefined) throw new ConfError(`no "ssl_certificate_key" is defined for certificate "${path}"`);
  const chain = readPem(world, "certificate", path).match(CERTIFICATES) ?? [];
  const certificate = chain.length > 0 ? attempt(() => new X509Certificate(chain[0]!)) : undefined;
  if (!certificate)
    throw new ConfError(
      `cannot load certificate "${path}": PEM_read_bio_X509_AUX() failed (SSL: error:0480006C:PEM routines::no start line:Expecting: TRUSTED CERTIFICATE)`,
    );
  const pem = readPem(world, "certificate key", keyPath);
  const key = attempt(() => createPrivateKey(pem));
  if (!key)
    throw new ConfError(
      `cannot load certificate key "${keyPath}": PEM_read_bio_PrivateKey() failed (SSL: error:0480006C:PEM routines::no start line:Expecting: ANY PRIVATE KEY)`,
    );
  if (!certificate.checkPrivateKey(key))
    throw new ConfError(
      `SSL_CTX_use_PrivateKey("${keyPath}") failed (SSL: error:05800074:x509 certificate routines::key values mismatch)`,
    );
  return chain;
}

/** A server that listens with TLS needs a certificate. */
export function requireCertificate(server: ConfNode, world: ConfWorld): void {
  const listens = server.children.filter((child) => child.name === "listen");
  const ssl = listens.some((node) => parseListen(node, world).some((listen) => listen.ssl));
  const rejects = server.children.some(({ name, args }) => name === "ssl_reject_handshake" && args[0] === "on");
  if (ssl && !rejects && setting(server, "ssl_certificate") === undefined)
    throw new ConfError('no "ssl_certificate" is defined for the "listen ... ssl" directive', server.at);
}

const CERTIFICATES = /-----BEGIN (?:TRUSTED )?CERTIFICATE-----[\s\S]*?-----END (?:TRUSTED )?CERTIFICATE-----\n?/g;

function setting(server: ConfNode, name: string): string | undefined {
  for (let node: ConfNode | undefined = server; node; node = node.parent) {
    const found = node.children.find((child) => child.name === name);
    if (found) {
      const path = found.args[0]!;
      return isAbsolute(path) ? path : `${PREFIX}/${path}`;
    }
  }
  return undefined;
}

function readPem(world: ConfWorld, what: string, path: string): Bytes {
  const found = world.file(path);
  if ("text" in found) return found.text;
  const [code, ...words] = found.error.split(": ") as [string, ...string[]];
  const number = Number(code).toString(16).padStart(6, "0");
  const reason =
    code === "2" ? " error:10000080:BIO routines::no such file" : " error:10080002:BIO routines::system lib";
  throw new ConfError(
    `cannot load ${what} "${path}": BIO_new_file() failed (SSL: error:80${number}:system library::${words.join(": ")}:calling fopen(${path}, r)${reason})`,
  );
}

function attempt<T>(call: () => T): T | undefined {
  try {
    return call();
  } catch {
    return undefined;
  }
}
