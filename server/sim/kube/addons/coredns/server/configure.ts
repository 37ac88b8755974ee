import { attempt, Errno, type DaemonProcess, type FileType } from "../../../../host/index.ts";
import { namespaceOf } from "../../../../net/index.ts";
import { decode } from "../../../../kernel/index.ts";
import { CorefileError, NotSimulated } from "../corefile/corefile-error.ts";
import { corefileDigest } from "../corefile/digest.ts";
import { parseCorefile, type Surroundings } from "../corefile/parse.ts";
import { zoneAddresses, zoneAddressText } from "../corefile/zone.ts";
import { Controller, type Level } from "../plugin.ts";
import { DIRECTIVES } from "../plugins/directives.ts";
import { pluginNamed } from "../plugins/index.ts";
import { viewOf } from "../plugins/view.ts";
import type { BlockConfig, InstanceConfig } from "./instance.ts";

/** What an empty Corefile stands for (core/dnsserver register.go). */
const defaultCorefile = (port: string): string => `.:${port} {\nwhoami\nlog\n}\n`;

export interface Corefile {
  readonly path: string;
  readonly text: string;
  /** `-dns.port` */
  readonly port: string;
}

/** Reads a Corefile and sets its plugins up (caddy ValidateAndExecuteDirectives). Throws a CorefileError or NotSimulated. */
export function configure(self: DaemonProcess, { path, text, port }: Corefile): InstanceConfig {
  const known = new Set(DIRECTIVES);
  const around = surroundings(self);
  let sources = parseCorefile(path, text, around, known);
  if (sources.length === 0) sources = parseCorefile("Corefile", defaultCorefile(port), around, known);
  const digest = corefileDigest(sources);
  const blocks = sources.map(({ Keys, Tokens }) => ({
    addresses: inspected(Keys, port),
    tokens: Tokens,
    plugins: [] as { name: string; config: unknown }[],
  }));
  for (const name of DIRECTIVES) {
    for (const { addresses, tokens, plugins } of blocks) {
      const words = tokens[name];
      if (!words) continue;
      const plugin = pluginNamed(name);
      if (!plugin) throw new NotSimulated(`plugin '${name}'`);
      const controller = new Controller(path, words, {
        addresses,
        host: self.host,
        ns: namespaceOf(self),
        directives: new Set(Object.keys(tokens)),
        env: self.env,
        root: (plugins.find((one) => one.name === "root")?.config as string | undefined) ?? "",
        log: (level, message) => write(self, level, message),
      });
      plugins.push({ name, config: setup(name, () => plugin.setup(controller)) });
    }
  }
  const configs = blocks.map(({ addresses, plugins }): BlockConfig => {
    const listen = plugins.find(({ name }) => name === "bind")?.config as readonly string[] | undefined;
    return { addresses, plugins, listen: listen ?? [""] };
  });
  checkOverlap(configs);
  return { blocks: configs, digest };
}

/** The digest that `reload` compares: of what the file says now, whatever its directives are. Throws a CorefileError. */
export function digestOf(self: DaemonProcess, { path, text }: Corefile): string {
  return corefileDigest(parseCorefile(path, text, surroundings(self)));
}

function setup(name: string, run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    if (error instanceof NotSimulated || !(error instanceof Error) || isBug(error)) throw error;
    throw new CorefileError(`plugin/${name}: ${error.message}`);
  }
}

/** Plugins say what is wrong with plain Errors; anything else is a mistake of this program. */
function isBug(error: Error): boolean {
  return error.constructor !== Error && !(error instanceof CorefileError);
}

function inspected(keys: readonly string[], port: string): BlockConfig["addresses"] {
  try {
    return zoneAddresses(keys, port);
  } catch (error) {
    if (error instanceof CorefileError) throw new CorefileError(`error inspecting server blocks: ${error.message}`);
    throw error;
  }
}

/** core/dnsserver address.go: a zone is served once at an address, and not both at all and at some. */
function checkOverlap(blocks: readonly BlockConfig[]): void {
  const taken = new Map<string, string[]>();
  for (const { addresses, listen, plugins } of blocks) {
    const filtered = viewOf({ plugins }) !== undefined;
    for (const address of addresses) {
      if (address.transport !== "dns") throw new NotSimulated(`serving over ${address.transport}`);
      const zone = zoneAddressText(address);
      for (const host of listen) {
        const others = taken.get(zone) ?? [];
        const shown = (at: string): string => (at === "" ? zone : `${zone} on ${at}`);
        if (others.includes(host)) throw new CorefileError(`cannot serve ${shown(host)} - it is already defined`);
        const overlap = others.find((other) => other === "" || host === "");
        if (overlap !== undefined)
          throw new CorefileError(
            `cannot serve ${shown(host)} - zone overlap listener capacity with ${shown(overlap)}`,
          );
        // A block with a view leaves its zone to others behind it.
        if (!filtered) taken.set(zone, [...others, host]);
      }
    }
  }
}

export function write(self: DaemonProcess, level: Level, message: string): void {
  self.log(`[${level}] ${message}`, 1);
}

function surroundings(self: DaemonProcess): Surroundings {
  const { files } = self.host;
  return {
    env: self.env,
    read(path) {
      if (files.exists(path, self) && typeOf(self, path) === "dir") return { error: "is a directory" };
      const data = attempt(() => files.read(path, self));
      return data instanceof Errno ? { error: openError(path, data) } : { text: decode(data) };
    },
    glob(pattern) {
      if (!/[*?]/.test(pattern)) return files.exists(pattern, self) ? [pattern] : [];
      const slash = pattern.lastIndexOf("/");
      const [folder, last] = [pattern.slice(0, slash) || "/", pattern.slice(slash + 1)];
      const names = attempt(() => files.list(folder, self));
      if (names instanceof Errno) return [];
      const source = last
        .replaceAll(/[.+^${}()|[\]\\]/g, "\\$&")
        .replaceAll("*", "[^/]*")
        .replaceAll("?", "[^/]");
      const expression = new RegExp(`^${source}$`);
      return names
        .filter((name) => expression.test(name))
        .sort()
        .map((name) => `${pattern.slice(0, slash)}/${name}`);
    },
    warn: (message) => write(self, "WARNING", message),
  };
}

function typeOf(self: DaemonProcess, path: string): FileType {
  return self.host.files.stat(path, self).type;
}

/** `open /etc/coredns/Corefile: no such file or directory` */
export function openError(path: string, error: Errno): string {
  return `open ${path}: ${error.message.toLowerCase().replace(/^.*: /, "")}`;
}
