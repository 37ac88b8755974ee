import { attempt, Errno, systemdOf, values, type UnitFile } from "../../sim/host/index.ts";
import type { Call } from "../gnu/tool.ts";
import { runJobs } from "./jobs.ts";
import { unitName } from "./units.ts";

const ETC = "/etc/systemd/system";

const NO_INSTALL = `The unit files have no installation config (WantedBy=, RequiredBy=, UpheldBy=,
Also=, or Alias= settings in the [Install] section, and DefaultInstance= for
template units). This means they are not meant to be enabled or disabled using systemctl.
 
Possible reasons for having these kinds of units are:
• A unit may be statically enabled by being symlinked from another unit's
  .wants/, .requires/, or .upholds/ directory.
• A unit's purpose may be to act as a helper for some other unit which has
  a requirement dependency on it.
• A unit may be started when needed via activation (socket, path, timer,
  D-Bus, udev, scripted systemctl call, ...).
• In case of template units, the unit is meant to be enabled with some
  instance name specified.
`;

/** enable, disable, reenable, mask, unmask: links below /etc/systemd/system. Returns the exit code. */
export async function changeFiles(call: Call<string>, verb: string, words: readonly string[]): Promise<number> {
  const { process } = call;
  if (words.length === 0) return call.fail("Too few arguments.");
  if (process.uid !== 0) {
    await process.error(`Failed to ${verb} unit: Interactive authentication required.\n`);
    return 1;
  }
  const systemd = systemdOf(process.machine);
  const names = words.map(unitName);
  for (const name of names) {
    const file = systemd.unit(name);
    const code =
      verb === "mask"
        ? await mask(call, name)
        : verb === "unmask"
          ? await unmask(call, name)
          : await install(call, verb, name, file);
    if (code !== 0) return code;
  }
  systemd.daemonReload();
  if (!call.has("now")) return 0;
  return runJobs(call, verb === "enable" || verb === "reenable" || verb === "unmask" ? "start" : "stop", names);
}

async function install(call: Call<string>, verb: string, name: string, file: UnitFile | undefined): Promise<number> {
  const { process } = call;
  if (!file) {
    await process.error(`Failed to ${verb} unit: Unit file ${name} does not exist.\n`);
    return 1;
  }
  if (file.masked) {
    if (verb === "disable") return 0;
    await process.error(`Failed to ${verb} unit: Unit file ${ETC}/${name} is masked.\n`);
    return 1;
  }
  const links = installLinks(file);
  if (links.length === 0) {
    if (!call.has("quiet")) await process.error(NO_INSTALL);
    return 0;
  }
  if (verb === "disable" || verb === "reenable") for (const path of links) await remove(call, path);
  if (verb === "enable" || verb === "reenable") for (const path of links) await link(call, path, file.path);
  for (const also of values(file, "Install", "Also").flatMap((line) => line.split(/\s+/))) {
    const other = systemdOf(process.machine).unit(also);
    if (other)
      for (const path of installLinks(other))
        await (verb === "disable" ? remove(call, path) : link(call, path, other.path));
  }
  return 0;
}

/** The links that [Install] asks for. */
function installLinks(file: UnitFile): string[] {
  const words = (key: string): string[] =>
    values(file, "Install", key).flatMap((line) => line.split(/\s+/).filter((word) => word !== ""));
  return [
    ...words("Alias").map((alias) => `${ETC}/${alias}`),
    ...words("WantedBy").map((target) => `${ETC}/${target}.wants/${file.name}`),
    ...words("RequiredBy").map((target) => `${ETC}/${target}.requires/${file.name}`),
  ];
}

async function link(call: Call<string>, path: string, target: string): Promise<void> {
  const { files } = call.process.machine.host;
  const existing = attempt(() => files.readlink(path));
  if (existing === target) return;
  if (!(existing instanceof Errno)) files.unlink(path);
  files.mkdir(path.slice(0, path.lastIndexOf("/")), { parents: true });
  files.symlink(target, path);
  if (!call.has("quiet")) await call.process.error(`Created symlink ${path} → ${target}.\n`);
}

async function remove(call: Call<string>, path: string): Promise<void> {
  const { files } = call.process.machine.host;
  if (attempt(() => files.unlink(path)) instanceof Errno) return;
  if (!call.has("quiet")) await call.process.error(`Removed "${path}".\n`);
}

async function mask(call: Call<string>, name: string): Promise<number> {
  const { files } = call.process.machine.host;
  const path = `${ETC}/${name}`;
  const stat = attempt(() => files.lstat(path));
  if (!(stat instanceof Errno) && !(stat.type === "link" && files.readlink(path) === "/dev/null")) {
    await call.process.error(`Failed to mask unit: File '${path}' already exists and is not a symlink to /dev/null.\n`);
    return 1;
  }
  await link(call, path, "/dev/null");
  return 0;
}

async function unmask(call: Call<string>, name: string): Promise<number> {
  const path = `${ETC}/${name}`;
  const target = attempt(() => call.process.machine.host.files.readlink(path));
  if (target === "/dev/null") await remove(call, path);
  return 0;
}
