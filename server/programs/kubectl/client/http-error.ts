/** What Go's HTTP client says when nothing else went wrong but time: `--request-timeout` was over before … */
export const ERRORS = {
  /** … there was a connection (net/http Transport.getConn). */
  connecting:
    "net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)",
  /** … the answer began. */
  waiting: "net/http: request canceled (Client.Timeout exceeded while awaiting headers)",
} as const;
