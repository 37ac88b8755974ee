/** One option of curl, as tool_getparam.c knows it. */
export interface CurlOption {
  readonly long: string;
  readonly short?: string;
  /** What kind of value it takes; absent: it is a switch, which `--no-NAME` turns off. */
  readonly takes?: "text" | "number" | "seconds" | "file" | "rate";
  /** The real program has it, ours says that it does not. */
  readonly simulated?: false;
}

const on = (long: string, short?: string): CurlOption => ({ long, ...(short === undefined ? {} : { short }) });
const takes = (kind: NonNullable<CurlOption["takes"]>, long: string, short?: string): CurlOption => ({
  ...on(long, short),
  takes: kind,
});
const missing = (kind: CurlOption["takes"], ...names: readonly string[]): CurlOption[] =>
  names.map((name): CurlOption => {
    const [long, short] = name.split("/") as [string, string | undefined];
    return { ...on(long, short), ...(kind === undefined ? {} : { takes: kind }), simulated: false };
  });

export const OPTIONS: readonly CurlOption[] = [
  on("silent", "s"),
  on("show-error", "S"),
  on("verbose", "v"),
  on("include", "i"),
  on("head", "I"),
  on("insecure", "k"),
  on("location", "L"),
  on("location-trusted"),
  on("remote-name", "O"),
  on("remote-name-all"),
  on("fail", "f"),
  on("fail-with-body"),
  on("fail-early"),
  on("get", "G"),
  on("ipv4", "4"),
  on("ipv6", "6"),
  on("no-buffer", "N"),
  on("progress-bar", "#"),
  on("progress-meter"),
  on("compressed"),
  on("http1.0", "0"),
  on("http1.1"),
  on("http2"),
  on("http0.9"),
  on("globoff", "g"),
  on("retry-connrefused"),
  on("retry-all-errors"),
  on("create-dirs"),
  on("post301"),
  on("post302"),
  on("post303"),
  on("basic"),
  on("tcp-nodelay"),
  on("keepalive"),
  on("path-as-is"),
  on("raw"),
  on("tr-encoding"),
  on("ignore-content-length"),
  on("haproxy-protocol"),
  on("trace-time"),
  on("cert-status"),
  on("sslv2", "2"),
  on("sslv3", "3"),
  on("next", ":"),
  on("remove-on-error"),
  on("junk-session-cookies", "j"),
  on("styled-output"),
  on("tlsv1.0"),
  on("tlsv1.1"),
  on("tlsv1.2"),
  on("tlsv1.3"),
  on("tlsv1", "1"),
  on("version", "V"),
  on("help", "h"),
  on("disable", "q"),
  on("show-headers"),
  on("alpn"),
  on("sessionid"),
  on("proxy-insecure"),
  takes("file", "output", "o"),
  takes("text", "output-dir"),
  takes("text", "write-out", "w"),
  takes("seconds", "max-time", "m"),
  takes("seconds", "connect-timeout"),
  takes("text", "header", "H"),
  takes("text", "request", "X"),
  takes("text", "data", "d"),
  takes("text", "data-ascii"),
  takes("text", "data-binary"),
  takes("text", "data-raw"),
  takes("text", "data-urlencode"),
  takes("text", "json"),
  takes("text", "form", "F"),
  takes("text", "form-string"),
  takes("text", "user", "u"),
  takes("text", "user-agent", "A"),
  takes("text", "referer", "e"),
  takes("text", "resolve"),
  takes("text", "connect-to"),
  takes("text", "interface"),
  takes("number", "retry"),
  takes("seconds", "retry-delay"),
  takes("seconds", "retry-max-time"),
  takes("file", "cacert"),
  takes("file", "capath"),
  takes("file", "cert", "E"),
  takes("file", "key"),
  takes("text", "noproxy"),
  takes("text", "cert-type"),
  takes("text", "key-type"),
  takes("file", "upload-file", "T"),
  takes("file", "dump-header", "D"),
  takes("number", "max-redirs"),
  takes("text", "url"),
  takes("text", "url-query"),
  takes("file", "config", "K"),
  takes("file", "cookie-jar", "c"),
  takes("text", "continue-at", "C"),
  takes("rate", "limit-rate"),
  takes("file", "trace"),
  takes("file", "trace-ascii"),
  takes("text", "proxy", "x"),
  takes("text", "proxy-user", "U"),
  takes("file", "unix-socket"),
  takes("text", "abstract-unix-socket"),
  takes("text", "pinnedpubkey"),
  takes("number", "parallel-max"),
  takes("text", "range", "r"),
  takes("text", "cookie", "b"),
  takes("file", "stderr"),
  takes("text", "oauth2-bearer"),
  takes("text", "proto"),
  takes("text", "proto-default"),
  takes("text", "proto-redir"),
  takes("text", "local-port"),
  takes("text", "tls-max"),
  takes("text", "ciphers"),
  takes("text", "tls13-ciphers"),
  takes("number", "speed-limit", "Y"),
  takes("number", "speed-time", "y"),
  takes("text", "request-target"),
  takes("seconds", "keepalive-time"),
  takes("number", "max-filesize"),
  ...missing(undefined, "http3", "http3-only", "http2-prior-knowledge", "parallel/Z", "append/a", "use-ascii/B",
    "list-only/l", "netrc/n", "netrc-optional", "ntlm", "negotiate", "digest", "anyauth", "ssl", "ssl-reqd", "manual/M",
    "proxytunnel/p", "remote-header-name/J", "remote-time/R", "xattr", "trace-ids", "tcp-fastopen", "disable-epsv",
    "ftp-pasv", "sasl-ir", "false-start", "ca-native", "skip-existing"), // prettier-ignore
  ...missing("text", 
    "time-cond/z", "rate", "socks5", "socks5-hostname", "socks4", "socks4a", "preproxy", 
    "netrc-file", "quote/Q", "telnet-option/t", "ftp-port/P", "dns-servers", "dns-interface", "doh-url", "crlfile",
    "engine", "hsts", "alt-svc", "etag-save", "etag-compare", "happy-eyeballs-timeout-ms", "proxy-header", "aws-sigv4", 
    "mail-from", "mail-rcpt", "pass", "curves", "variable", "ipfs-gateway", "expect100-timeout", "haproxy-clientip"), // prettier-ignore
];

export interface GivenOption {
  readonly name: string;
  readonly value: string;
}

/** Options that stand for all operations of a command line, wherever they are given (struct GlobalConfig). */
export const GLOBAL = new Set(
  ["silent", "show-error", "verbose", "fail-early", "styled-output", "progress-bar", "progress-meter", "stderr", "trace", "trace-ascii", "trace-time", "help", "version"].flatMap((name) => [name, `no-${name}`]), // prettier-ignore
);

/** What a command line says of one operation, in its order; operands are `url`s. */
export class CurlArguments {
  readonly given: readonly GivenOption[];

  constructor(given: readonly GivenOption[]) {
    this.given = given;
  }

  /** A switch, as it was set last. */
  has(name: string): boolean {
    return this.given.findLast((one) => one.name === name || one.name === `no-${name}`)?.name === name;
  }

  /** It was turned off: `--no-NAME`. */
  isOff(name: string): boolean {
    return this.given.findLast((one) => one.name === name || one.name === `no-${name}`)?.name === `no-${name}`;
  }

  value(name: string): string | undefined {
    return this.given.findLast((one) => one.name === name)?.value;
  }

  values(name: string): string[] {
    return this.given.filter((one) => one.name === name).map(({ value }) => value);
  }

  /** Seconds or a number, with what it is if it was not given. */
  number(name: string, otherwise: number): number {
    const value = this.value(name);
    return value === undefined ? otherwise : Number(value);
  }
}
