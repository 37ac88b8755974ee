/** Status lines and the pages that nginx brings with it (ngx_http_header_filter_module.c, ngx_http_special_response.c). */

export const STATUS_LINES: Readonly<Record<number, string>> = {
  200: "OK", 201: "Created", 202: "Accepted", 204: "No Content", 206: "Partial Content",
  301: "Moved Permanently", 302: "Moved Temporarily", 303: "See Other", 304: "Not Modified", 307: "Temporary Redirect",
  308: "Permanent Redirect",
  400: "Bad Request", 401: "Unauthorized", 402: "Payment Required", 403: "Forbidden", 404: "Not Found", 405: "Not Allowed",
  406: "Not Acceptable", 408: "Request Time-out", 409: "Conflict", 410: "Gone", 411: "Length Required",
  412: "Precondition Failed", 413: "Request Entity Too Large", 414: "Request-URI Too Large", 415: "Unsupported Media Type",
  416: "Requested Range Not Satisfiable", 421: "Misdirected Request", 429: "Too Many Requests",
  500: "Internal Server Error", 501: "Not Implemented", 502: "Bad Gateway", 503: "Service Temporarily Unavailable",
  504: "Gateway Time-out", 505: "HTTP Version Not Supported", 507: "Insufficient Storage",
}; // prettier-ignore

/** Titles that differ from the status line. */
const TITLES: Readonly<Record<number, string>> = {
  302: "302 Found",
  401: "401 Authorization Required",
};

/** Codes of nginx' own: each is sent as 400, with a second line. */
const OWN: Readonly<Record<number, string>> = {
  494: "Request Header Or Cookie Too Large",
  495: "The SSL certificate error",
  496: "No required SSL certificate was sent",
  497: "The plain HTTP request was sent to HTTPS port",
};

/** The page for a status; undefined if there is none and only headers are sent. */
export function builtinPage(status: number, footer: string): string | undefined {
  const own = OWN[status];
  if (own !== undefined)
    return page(`400 ${own}`, `<center><h1>400 Bad Request</h1></center>\r\n<center>${own}</center>\r\n`, footer);
  const words = STATUS_LINES[status];
  if (words === undefined || status < 300 || status === 304) return undefined;
  const title = TITLES[status] ?? `${status} ${words}`;
  return page(title, `<center><h1>${title}</h1></center>\r\n`, footer);
}

function page(title: string, body: string, footer: string): string {
  return `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n${body}<hr><center>${footer}</center>\r\n</body>\r\n</html>\r\n`;
}

/** Makes a page long enough for browsers that show pages of their own in its place (msie_padding). */
export const PADDING = "<!-- a padding to disable MSIE and Chrome friendly error page -->\r\n".repeat(6);

/** The status that goes on the wire. */
export function wireStatus(status: number): number {
  return OWN[status] === undefined ? status : 400;
}
