/** Whether a host's name or address is this machine's own, which nobody else reaches. Without brackets or port. */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase();
  return name === "localhost" || name === "::1" || /^127(\.(25[0-5]|2[0-4]\d|1?\d?\d)){3}$/.test(name);
}

/** Whether a `Host` header (`localhost:8080`, `[::1]:8080`) names this server, which listens on that port. */
export function namesUs(header: string, port: number): boolean {
  const parts = /^(?:\[([0-9a-f:]+)\]|([^:[\]]+))(?::(\d+))?$/i.exec(header);
  return parts !== null && isLoopback(parts[1] ?? parts[2]!) && Number(parts[3] ?? 80) === port;
}

/** Whether an `Origin` header (`http://localhost:8080`) is a page of this server. */
export function isOurOrigin(origin: string, port: number): boolean {
  return /^http:\/\//i.test(origin) && namesUs(origin.slice("http://".length), port);
}

/** An address as it stands in a URL. */
export function inUrl(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}
