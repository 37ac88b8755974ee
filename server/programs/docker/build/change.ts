import { resolve, parseSignal } from "../../../sim/host/index.ts";
import type { ImageConfig } from "../../../sim/images/index.ts";
import { Fatal } from "../command.ts";
import type { Instruction } from "./dockerfile.ts";
import { processWord, readPairs, splitWords, type Variables } from "./words.ts";

/** The instructions that change only how containers of an image start; `docker commit --change` takes them, too. */
export const CHANGES = ["CMD", "ENTRYPOINT", "ENV", "EXPOSE", "LABEL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR"];

const SHELL = ["/bin/sh", "-c"];

/** What of an image's configuration was set by this Dockerfile itself. */
export interface Written {
  cmd: boolean;
}

/** The configuration after one instruction (builder/dockerfile/dispatchers.go). The error is the daemon's. */
export function changed(
  config: ImageConfig,
  { keyword, rest, list }: Instruction,
  variables: Variables,
  written: Written,
): ImageConfig | { readonly error: string } {
  const word = (): string => processWord(rest, variables);
  switch (keyword) {
    case "CMD":
      written.cmd = true;
      return { ...config, cmd: list ?? shellForm(config, rest) };
    case "ENTRYPOINT": {
      const { cmd, ...others } = config;
      // A CMD of the base image is meant for its ENTRYPOINT.
      const kept = written.cmd && cmd ? { cmd } : {};
      return { ...others, ...kept, entrypoint: list ?? shellForm(config, rest) };
    }
    case "SHELL":
      return list ? { ...config, shell: list } : { error: `SHELL requires the arguments to be in JSON form` };
    case "ENV": {
      const pairs = readPairs(keyword, rest, variables);
      return "error" in pairs ? pairs : { ...config, env: withVariables(config.env ?? [], pairs) };
    }
    case "LABEL": {
      const pairs = readPairs(keyword, rest, variables);
      return "error" in pairs ? pairs : { ...config, labels: { ...config.labels, ...Object.fromEntries(pairs) } };
    }
    case "EXPOSE": {
      const ports = splitWords(rest).flatMap((port) => portsOf(processWord(port, variables)));
      return { ...config, exposedPorts: [...new Set([...(config.exposedPorts ?? []), ...ports])].sort() };
    }
    case "STOPSIGNAL": {
      const signal = word();
      if (parseSignal(signal) === undefined) return { error: `Invalid signal: ${signal}` };
      return { ...config, stopSignal: signal };
    }
    case "USER":
      return { ...config, user: word() };
    case "VOLUME": {
      const paths = (list ?? splitWords(rest)).map((path) => processWord(path, variables));
      return { ...config, volumes: [...new Set([...(config.volumes ?? []), ...paths])] };
    }
    case "WORKDIR":
      return { ...config, workingDir: resolve(config.workingDir || "/", word()) };
    default:
      throw new Fatal(`drydock: docker: '${keyword}' in a Dockerfile is not simulated`, 64);
  }
}

/** A text is run by a shell; none at all takes the command away. */
export function shellForm(config: ImageConfig, text: string): readonly string[] {
  return [...(config.shell ?? SHELL), text];
}

/** Later values of a name replace earlier ones, in their places. */
function withVariables(env: readonly string[], pairs: readonly (readonly [string, string])[]): string[] {
  const all = new Map(env.map((entry): [string, string] => [entry.slice(0, entry.indexOf("=")), entry]));
  for (const [name, value] of pairs) all.set(name, `${name}=${value}`);
  return [...all.values()];
}

function portsOf(text: string): string[] {
  const [range = "", protocol = "tcp"] = text.split("/");
  const found = /^(\d+)(?:-(\d+))?$/.exec(range);
  if (!found) throw new Fatal(`Invalid containerPort: ${range}`);
  const [first, last] = [Number(found[1]), Number(found[2] ?? found[1])];
  return Array.from({ length: last - first + 1 }, (_, at) => `${first + at}/${protocol}`);
}
