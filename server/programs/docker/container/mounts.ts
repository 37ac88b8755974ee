import type { Bind } from "../../../sim/docker/index.ts";
import { daemonSays, Fatal } from "../command.ts";
import { badSpec } from "./bad-spec.ts";

const ACCESS = ["ro", "rw"];
/** Labels for SELinux, which this machine does not have, and hints for machines other than Linux. */
const WITHOUT_EFFECT = ["z", "Z", "consistent", "cached", "delegated"];
const PROPAGATION = ["private", "rprivate", "slave", "rslave", "shared", "rshared"];

/** `-v [SOURCE:]TARGET[:OPTIONS]` (cli/compose/loader/volume.go, volume/mounts/linux_parser.go). */
export function readVolume(text: string): Bind {
  const parts = text.split(":");
  if (parts.some((part) => part === "")) throw badSpec(`invalid spec: ${text}: empty section between colons`);
  if (parts.length > 3) throw badSpec(daemonSays(`invalid volume specification: '${text}'`));
  const [source = "", target = "", mode = ""] = parts.length === 1 ? ["", parts[0]!] : parts;
  const type = source.startsWith("/") ? "bind" : "volume";
  const options = mode === "" ? [] : mode.split(",");
  const propagated = options.find((option) => PROPAGATION.includes(option));
  if (propagated !== undefined) throw new Fatal(`drydock: docker: propagation '${propagated}' is not simulated`, 64);
  const known = [...ACCESS, ...WITHOUT_EFFECT, ...(type === "volume" ? ["nocopy"] : [])];
  const twice = options.filter((option) => ACCESS.includes(option)).length > 1;
  if (twice || options.some((option) => !known.includes(option))) throw badSpec(daemonSays(`invalid mode: ${mode}`));
  if (!target.startsWith("/"))
    throw badSpec(
      daemonSays(
        `invalid volume specification: '${text}': invalid mount config for type "${type}": invalid mount path: '${target}' mount path must be absolute`,
      ),
    );
  const noCopy = options.includes("nocopy");
  return { type, source, target, readOnly: options.includes("ro"), mode, noCopy, strict: false };
}

/** `--mount type=volume,src=data,dst=/data,readonly` (opts/mount.go). */
export function readMount(text: string): Bind {
  const fields = new Map(
    text.split(",").map((field): [string, string] => {
      const at = field.indexOf("=");
      return at < 0 ? [field.toLowerCase(), "true"] : [field.slice(0, at).toLowerCase(), field.slice(at + 1)];
    }),
  );
  const take = (...names: readonly string[]): string | undefined => {
    const name = names.find((one) => fields.has(one));
    const value = name === undefined ? undefined : fields.get(name);
    if (name !== undefined) fields.delete(name);
    return value;
  };
  const wrong = (why: string): Fatal =>
    new Fatal(
      `invalid argument "${text}" for "--mount" flag: ${why}\n\nUsage:  docker run [OPTIONS] IMAGE [COMMAND] [ARG...]\n\nRun 'docker run --help' for more information`,
      125,
    );
  const type = take("type") ?? "volume";
  if (type !== "bind" && type !== "volume")
    throw new Fatal(`drydock: docker: '--mount type=${type}' is not simulated`, 64);
  const source = take("source", "src") ?? "";
  const target = take("target", "destination", "dst") ?? "";
  const readOnly = ["true", "1"].includes(take("readonly", "ro") ?? "false");
  const noCopy = ["true", "1"].includes(take("volume-nocopy") ?? "false");
  const [left] = fields.keys();
  if (left !== undefined) throw new Fatal(`drydock: docker: '--mount ${left}' is not simulated`, 64);
  if (target === "") throw wrong("target is required");
  return { type, source, target, readOnly, mode: "", noCopy, strict: true };
}
