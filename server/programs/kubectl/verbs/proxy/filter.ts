import { RE2JS, RE2JSSyntaxException } from "re2js";

/** Which requests a proxy lets through (kubectl pkg/proxy/proxy_server.go FilterServer). */
export interface Filter {
  readonly acceptPaths: readonly RE2JS[];
  readonly rejectPaths: readonly RE2JS[];
  readonly acceptHosts: readonly RE2JS[];
  readonly rejectMethods: readonly RE2JS[];
}

/** Patterns between commas; an error in Go's words. */
export function patterns(text: string): readonly RE2JS[] | { readonly error: string } {
  try {
    return text === "" ? [] : text.split(",").map((pattern) => RE2JS.compile(pattern));
  } catch (error) {
    if (error instanceof RE2JSSyntaxException) return { error: error.message };
    throw error;
  }
}

export function accepts(filter: Filter, method: string, path: string, host: string): boolean {
  const matches = (text: string, list: readonly RE2JS[]): boolean =>
    list.some((pattern) => pattern.matcher(text).find());
  if (matches(path, filter.rejectPaths) || matches(method, filter.rejectMethods)) return false;
  return matches(path, filter.acceptPaths) && matches(host, filter.acceptHosts);
}

/** `localhost` of `localhost:8001` (net.SplitHostPort). */
export function hostOf(header: string): string {
  const match = /^(?:\[([^\]]*)\]|([^:]*)):[^:]*$/.exec(header);
  return match ? (match[1] ?? match[2]!) : header;
}
