import { attempt, Errno, exec, findInPath, type Process, type Program, spawnChild } from "../../host/index.ts";

/**
 * /docker-entrypoint.sh of docker-nginx: runs what is in /docker-entrypoint.d, then becomes the command. Its own scripts are
 * the programs of entrypoint-scripts.ts; those that somebody has put there run in their shell.
 */
export const nginxEntrypoint: Program = {
  name: "nginx-docker-entrypoint",
  summary: "prepares nginx' configuration and starts it",
  async run(process, args) {
    const [command] = args;
    const env = { ...process.env };
    if (command === "nginx" || command === "nginx-debug") await configure(process, env);
    const path =
      command === undefined || command.includes("/") ? command : findInPath(process.host, command, env.PATH, process);
    if (path === undefined) {
      await process.error(`${process.argv[0]!}: exec: line 47: ${command ?? ""}: not found\n`);
      return 127;
    }
    usedPids(process);
    return exec(process, path, args, env);
  },
};

const DIRECTORY = "/docker-entrypoint.d";

async function configure(process: Process, env: Record<string, string>): Promise<void> {
  const me = process.argv[0]!;
  const say = async (line: string): Promise<void> => {
    if (!env.NGINX_ENTRYPOINT_QUIET_LOGS) await process.print(`${me}: ${line}\n`);
  };
  const files = list(process, DIRECTORY);
  if (files.length === 0) return say(`No files found in ${DIRECTORY}/, skipping configuration`);
  await say(`${DIRECTORY}/ is not empty, will attempt to perform configuration`);
  await say(`Looking for shell scripts in ${DIRECTORY}/`);
  for (const file of files) {
    const runs = /\.(?:sh|envsh)$/.test(file);
    if (!runs) await say(`Ignoring ${file}`);
    else if (!process.host.files.access(file, 1, process)) await say(`Ignoring ${file}, not executable`);
    else if (file.endsWith(".envsh")) {
      await say(`Sourcing ${file}`);
      await source(process, file, env);
    } else {
      await say(`Launching ${file}`);
      const pid = spawnChild(process, { path: file, argv: [file], env });
      await process.wait([pid]);
    }
  }
  await say("Configuration complete; ready for start up");
}

/** Files below a directory, links followed, as `find -follow -type f | sort -V` lists them. */
function list(process: Process, directory: string): string[] {
  const { files } = process.host;
  const names = attempt(() => files.list(directory, process));
  if (names instanceof Errno) return [];
  return names
    .flatMap((name) => {
      const path = `${directory}/${name}`;
      const stat = attempt(() => files.stat(path, process));
      if (stat instanceof Errno) return [];
      // A ConfigMap's own directories hold what its links lead to.
      return stat.type === "dir" ? list(process, path) : [path];
    })
    .sort((a, b) => compareVersions(a, b));
}

function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((text) => text.split(/(\d+)/)) as [string[], string[]];
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const [x = "", y = ""] = [left[at], right[at]];
    if (x === y) continue;
    return at % 2 === 1 ? Number(x) - Number(y) : x < y ? -1 : 1;
  }
  return 0;
}

/** 15-local-resolvers.envsh sets one variable; what others would set is not known. */
async function source(process: Process, file: string, env: Record<string, string>): Promise<void> {
  if (!file.endsWith("/15-local-resolvers.envsh")) {
    await process.error(`drydock: docker-entrypoint.sh: sourcing ${file} is not simulated\n`);
    return;
  }
  if (!env.NGINX_ENTRYPOINT_LOCAL_RESOLVERS) return;
  const servers = [...(process.host.readText("/etc/resolv.conf") ?? "").matchAll(/^nameserver\s+(\S+)/gm)];
  env.NGINX_LOCAL_RESOLVERS = servers
    .map(([, address]) => (address!.includes(":") ? `[${address!}]` : address!))
    .join(" ");
}

/** Real scripts start some two dozen processes more (find, sort, grep…): nginx' first worker is number 29. */
function usedPids({ host }: Process): void {
  if (host.isContainer) host.update({ nextPid: Math.max(29, host.row.nextPid ?? 1) });
}
