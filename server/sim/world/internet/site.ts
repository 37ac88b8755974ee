/** What a site has under a path: a text, or where to look instead. */
export type Page =
  | { readonly type: string; readonly text: string; readonly status?: 404 }
  | { readonly moved: 301 | 302 | 307; readonly to: string; readonly type?: string; readonly text?: string };

export interface PageRequest {
  /** As the client asked for it, without a port. */
  readonly host: string;
  readonly path: string;
  /** With its question mark; empty if there is none. */
  readonly search: string;
  readonly secure: boolean;
  /** The client's address, as the server sees it. */
  readonly client: string;
}

/** A web site of the world's internet: names that lead to it, and what it has. */
export interface Site {
  /** Its certificate is made out to them, in this order. */
  readonly names: readonly string[];
  /** From the ranges for documentation (RFC 5737), but for those that everybody knows. */
  readonly address: string;
  /** The header Server, if it sends one. */
  readonly server?: string;
  /** Requests without TLS are sent to the same address with it. */
  readonly upgrades?: boolean;
  /** Undefined: it has no such page. */
  page(request: PageRequest): Page | undefined;
  /** What it says then. */
  readonly missing: { readonly type: string; readonly text: string };
}

/** Where all pages are below one path, by the rest of theirs. */
export function textPage(text: string, type = "text/plain; charset=utf-8"): Page {
  return { type, text };
}

export const NGINX_MISSING = {
  type: "text/html",
  text: "<html>\r\n<head><title>404 Not Found</title></head>\r\n<body>\r\n<center><h1>404 Not Found</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n",
};

export const PLAIN_MISSING = { type: "text/plain; charset=utf-8", text: "404 page not found\n" };

/** A page of ours for the front door of a site of which nothing else is in the world. */
export function frontPage(title: string): Page {
  return {
    type: "text/html; charset=utf-8",
    text: `<!doctype html>\n<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>\n`,
  };
}
