/** What Go's HTTP client says when nothing else went wrong but time. */
export const ERRORS = {
  /** `--request-timeout` was over before the answer began (net/http setRequestCancel). */
  timeout: "context deadline exceeded (Client.Timeout exceeded while awaiting headers)",
} as const;
