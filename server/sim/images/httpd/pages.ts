/** What httpd says of its own for a status (http_protocol.c, ap_send_error_response). */

export const REASONS: Readonly<Record<number, string>> = {
  200: "OK",
  206: "Partial Content",
  301: "Moved Permanently",
  304: "Not Modified",
  400: "Bad Request",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  412: "Precondition Failed",
  416: "Requested Range Not Satisfiable",
  500: "Internal Server Error",
  501: "Not Implemented",
};

const BODIES: Readonly<Record<number, (request: { method: string; location: string }) => string>> = {
  301: ({ location }) => `<p>The document has moved <a href="${location}">here</a>.</p>\n`,
  400: () => "<p>Your browser sent a request that this server could not understand.<br />\n</p>\n",
  403: () => "<p>You don't have permission to access this resource.</p>\n",
  404: () => "<p>The requested URL was not found on this server.</p>\n",
  405: ({ method }) => `<p>The requested method ${method} is not allowed for this URL.</p>\n`,
  412: () => "<p>The precondition on the request\nfor the URL evaluated to false.</p>\n",
  416: () =>
    "<p>None of the range-specifier values in the Range\nrequest-header field overlap the current extent\nof the selected resource.</p>\n",
  501: ({ method }) => `<p>${method} not supported for current URL.<br />\n</p>\n`,
};

/** From 2.4.66 on (seen in 2.4.71) pages name a newer document type. */
export function doctype(version: string, listing = false): string {
  if (Number(version.split(".")[2]) >= 66)
    return '<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01//EN" "http://www.w3.org/TR/html4/strict.dtd">\n';
  return `<!DOCTYPE HTML PUBLIC "${listing ? "-//W3C//DTD HTML 3.2 Final//EN" : "-//IETF//DTD HTML 2.0//EN"}">\n`;
}

export function errorPage(version: string, status: number, request: { method: string; location: string }): string {
  const reason = REASONS[status]!;
  const body = BODIES[status]?.(request) ?? "";
  return `${doctype(version)}<html><head>\n<title>${status} ${reason}</title>\n</head><body>\n<h1>${reason}</h1>\n${body}</body></html>\n`;
}
