import type { ShownSocket } from "../ss/sockets.ts";

/** What `-i` selects: `[46][protocol][@host][:ports]`. */
export interface Internet {
  /** As it was given, for complaints. */
  readonly text: string;
  readonly family?: 4 | 6;
  readonly protocol?: "tcp" | "udp";
  /** A name or an address. */
  readonly host?: string;
  /** First and last of each range. */
  readonly ports?: readonly (readonly [number, number])[];
}

export interface Services {
  port(service: string, protocol: string): number | undefined;
}

/** Reads the argument of `-i` (lsof's enter_network_address). */
export function parseInternet(text: string, services: Services): Internet | { readonly problem: string } {
  const family = /^[46]/.exec(text)?.[0];
  let rest = text.slice(family ? 1 : 0);
  const word = /^[^@:]*/.exec(rest)![0];
  rest = rest.slice(word.length);
  const protocol = word.toLowerCase();
  if (protocol !== "" && protocol !== "tcp" && protocol !== "udp")
    return { problem: `unknown protocol name (${word}) in: -i ${text}` };
  let host: string | undefined;
  if (rest.startsWith("@")) {
    const match = /^@(\[[^\]]*\]|[^:]*)/.exec(rest)!;
    host = match[1]!.replaceAll(/[[\]]/g, "");
    rest = rest.slice(match[0].length);
    if (host === "") return { problem: `unacceptable Internet address in: -i ${text}` };
  }
  const ports: [number, number][] = [];
  if (rest.startsWith(":")) {
    if (rest.length === 1) return { problem: `unacceptable port specification in: -i ${text}` };
    for (const part of rest.slice(1).split(",")) {
      const range = readRange(part, protocol, services);
      if (!range) return { problem: `unknown service ${part} in: -i ${text}` };
      ports.push(range);
    }
  }
  return {
    text,
    ...(family ? { family: Number(family) as 4 | 6 } : {}),
    ...(protocol === "" ? {} : { protocol }),
    ...(host === undefined ? {} : { host }),
    ...(ports.length === 0 ? {} : { ports }),
  };
}

function readRange(text: string, protocol: string, services: Services): [number, number] | undefined {
  const digits = /^(\d+)(?:-(\d+))?$/.exec(text);
  if (digits) return [Number(digits[1]), Number(digits[2] ?? digits[1])];
  const named = (protocol === "" ? ["tcp", "udp"] : [protocol])
    .map((one) => services.port(text, one))
    .find((one) => one !== undefined);
  return named === undefined ? undefined : [named, named];
}

/** Is it at one of its ends? `addresses` are those that the host of `-i` stands for. */
export function selects(wanted: Internet, socket: ShownSocket, addresses: ReadonlySet<string> | undefined): boolean {
  if (wanted.family !== undefined && socket.family !== wanted.family) return false;
  if (wanted.protocol !== undefined && socket.protocol !== wanted.protocol) return false;
  const ends = [
    { address: socket.address, port: socket.port },
    { address: socket.peerAddress, port: socket.peerPort },
  ];
  return ends.some(
    ({ address, port }) =>
      (!addresses || addresses.has(address)) &&
      (!wanted.ports || wanted.ports.some(([first, last]) => first <= port && port <= last)),
  );
}
