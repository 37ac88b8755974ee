/** Refusals of the HTTP layer itself, as the API server's own filters word them: v1.Status. */
export interface Refused {
  readonly code: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

function refused(code: number, reason: string, message: string, more: object = {}, headers = {}): Refused {
  const status = { kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", message, reason, ...more, code };
  return { code, body: `${JSON.stringify(status)}\n`, headers: { "content-type": "application/json", ...headers } };
}

/** apiserver handlers/rest.go limitedReadBody. */
export function tooLarge(limit: number): Refused {
  return refused(
    413,
    "RequestEntityTooLarge",
    `Request entity too large: limit is ${limit}`,
    {},
    { connection: "close" },
  );
}

/** apiserver filters/maxinflight.go tooManyRequests; clients wait and ask again. */
export function tooMany(): Refused {
  const message = "too many requests, please try again later.";
  const more = { details: { retryAfterSeconds: 1 } };
  return refused(429, "TooManyRequests", message, more, { "retry-after": "1" });
}

export function gone(message: string): Refused {
  return refused(404, "NotFound", message);
}

export function forbidden(message: string): Refused {
  return refused(403, "Forbidden", message);
}

/** go-restful's own words. */
export function methodNotAllowed(allow: string): Refused {
  return {
    code: 405,
    body: "405: Method Not Allowed",
    headers: { "content-type": "text/plain; charset=utf-8", allow },
  };
}

export function badRequest(message: string): Refused {
  return refused(400, "BadRequest", message);
}
