import { DAY, SECOND } from "../../kernel/index.ts";
import type { DaemonProcess, Hosts } from "../../host/index.ts";
import { GO_CIPHERS, namespaceOf, networkOfHosts, openSocket } from "../../net/index.ts";
import { certificatePem, identity, issueCertificate, KeyRing } from "../pki/index.ts";

const NAME = "component-health";

export interface HealthSocket {
  readonly component: string;
  readonly host: string;
  readonly started: number;
}

/** Opens the secure port at which a component of the control plane tells its health. False if the port is taken. */
export function serveHealth(self: DaemonProcess, component: string, address: string, port: number): boolean {
  const args: HealthSocket = { component, host: self.host.hostname, started: Math.floor(self.kernel.now / SECOND) };
  return openSocket(namespaceOf(self), {
    protocol: "tcp",
    address,
    port,
    backlog: 4096,
    reuseAddress: true,
    pid: self.pid,
    application: NAME,
    args,
  }).ok;
}

/** Binds what answers there: `ok` at the health paths; everything else wants somebody who may. Once per world. */
export function bindHealth(hosts: Hosts): void {
  networkOfHosts(hosts).serve(NAME, {
    answersBy: () => "",
    tls(_hello, context) {
      const args = context.args as HealthSocket;
      return { chain: [selfSigned(hosts.kernel.seed, args)], alpn: "h2", ciphers: GO_CIPHERS };
    },
    http(request, context) {
      if (!context.tls)
        return {
          status: 400,
          reason: "Bad Request",
          version: "HTTP/1.0",
          headers: [],
          body: "Client sent an HTTP request to an HTTPS server.\n",
          close: "fin",
        };
      const path = request.target.replace(/\?.*/, "");
      const healthy = /^\/(healthz|livez|readyz)$/.test(path);
      const body = healthy
        ? "ok"
        : `forbidden: User "system:anonymous" cannot ${request.method.toLowerCase()} path "${path}"`;
      return {
        status: healthy ? 200 : 403,
        reason: healthy ? "OK" : "Forbidden",
        headers: [
          ["Content-Type", "text/plain; charset=utf-8"],
          ["Content-Length", String(body.length)],
        ],
        body,
      };
    },
  });
}

/** What Go's apiserver library makes where no certificate is given: `localhost@<unix time>`. */
export function selfSigned(seed: number, socket: HealthSocket): string {
  const known = `${seed} ${socket.component} ${socket.host} ${socket.started}`;
  let pem = certificates.get(known);
  if (pem === undefined) {
    if (certificates.size >= CERTIFICATES) certificates.clear();
    certificates.set(known, (pem = signed(seed, socket)));
  }
  return pem;
}

/** All forks of a world have the same: signing is much work. */
const certificates = new Map<string, string>();
const CERTIFICATES = 256;

function signed(seed: number, { component, host, started }: HealthSocket): string {
  const key = new KeyRing(seed).rsa(`${component}/serving`);
  const at = started * SECOND;
  const certificate = issueCertificate(
    {
      serial: 2n,
      subject: identity(`${host}@${started}`),
      notBefore: at,
      notAfter: at + 365 * DAY,
      publicKey: key.public,
      keyUsage: ["digitalSignature", "keyEncipherment"],
      extendedKeyUsage: ["serverAuth"],
      dnsNames: ["localhost", host],
      ipAddresses: ["127.0.0.1"],
    },
    key,
  );
  return certificatePem(certificate);
}
