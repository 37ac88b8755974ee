import { isIP } from "node:net";
import { isLoopback, isOurOrigin, namesUs } from "./loopback.ts";

/** Under which names a server may be asked for. */
export interface SiteOptions {
  /** Where browsers reach it from elsewhere: `https://lab.example`. Its name is answered to besides. */
  readonly url?: string | undefined;
  /** What it listens on; default loopback. */
  readonly host?: string | undefined;
}

/**
 * The names that a server answers to, and the pages that are its own. A page of another site may point a name of its
 * own at this server (DNS rebinding), so names are those of loopback and of the setting; where the server listens on
 * other addresses as well, these themselves, which nobody can point elsewhere.
 */
export class Site {
  /** Whether browsers come by https, as the setting says. */
  readonly secure: boolean;
  readonly #url: URL | undefined;
  readonly #addresses: boolean;

  constructor({ url, host = "127.0.0.1" }: SiteOptions) {
    this.#url = url === undefined ? undefined : new URL(url);
    this.secure = this.#url?.protocol === "https:";
    this.#addresses = !isLoopback(host);
  }

  /** Whether a `Host` header names this server, which listens on that port. */
  names(header: string, port: number): boolean {
    return namesUs(header, port) || header.toLowerCase() === this.#url?.host || this.#isAddress(header, port);
  }

  /** Whether an `Origin` header is a page of this server, which was asked for under that `Host`. */
  owns(origin: string, host: string, port: number): boolean {
    if (origin.toLowerCase() === this.#url?.origin) return true;
    // Pages under an address are ours under that address only.
    return isOurOrigin(origin, port) || (this.#isAddress(host, port) && origin === `http://${host}`);
  }

  /** Where a page is that was asked for under that `Host`: `https://lab.example`. */
  origin(host: string, protocol = "http"): string {
    if (host.toLowerCase() === this.#url?.host) return this.#url.origin;
    return `${protocol}://${host}`;
  }

  #isAddress(header: string, port: number): boolean {
    if (!this.#addresses) return false;
    const parts = /^(?:\[([0-9a-f:.]+)\]|([0-9.]+))(?::(\d+))?$/i.exec(header);
    return parts !== null && isIP(parts[1] ?? parts[2]!) !== 0 && Number(parts[3] ?? 80) === port;
  }
}
