/** An address to listen on or to connect to, as etcd's flags give it. */
export interface Endpoint {
  readonly tls: boolean;
  readonly host: string;
  readonly port: number;
}

/** Takes `https://127.0.0.1:2379` apart; undefined if it is not such a URL. */
export function parseEndpoint(url: string): Endpoint | undefined {
  const match = /^(https?):\/\/(\[[^\]]+\]|[^/:]+):(\d+)\/?$/.exec(url.trim());
  if (!match || Number(match[3]) > 65_535) return undefined;
  return { tls: match[1] === "https", host: match[2]!.replace(/^\[|\]$/g, ""), port: Number(match[3]) };
}
