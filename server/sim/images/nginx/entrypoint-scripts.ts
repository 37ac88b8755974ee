import { namespaceOf } from "../../net/index.ts";
import { attempt, Errno, type Process, type Program } from "../../host/index.ts";
import { decode, encode } from "../../kernel/index.ts";
import { DEFAULT_CONF } from "./image-files.ts";

/** The scripts of docker-nginx' /docker-entrypoint.d as programs. */

const CONF = "/etc/nginx/conf.d/default.conf";

async function say(process: Process, name: string, line: string): Promise<number> {
  if (!process.env.NGINX_ENTRYPOINT_QUIET_LOGS) await process.print(`${name}: ${line}\n`);
  return 0;
}

export const listenOnIpv6: Program = {
  name: "nginx-listen-on-ipv6",
  summary: "lets nginx' default server listen on IPv6",
  async run(process) {
    const { files } = process.host;
    const info = (line: string): Promise<number> => say(process, "10-listen-on-ipv6-by-default.sh", `info: ${line}`);
    if (!hasIpv6(process)) return info("ipv6 not available");
    if (!files.exists(CONF, process)) return info(`${CONF} is not a file or does not exist`);
    if (!files.access(CONF, 2, process)) return info(`can not modify ${CONF} (read-only file system?)`);
    const text = decode(files.read(CONF, process));
    if (text.includes("listen  [::]:80;")) return info("IPv6 listen already enabled");
    await info(`Getting the checksum of ${CONF}`);
    if (text !== DEFAULT_CONF) return info(`${CONF} differs from the packaged version`);
    const enabled = text.replace("listen       80;", "listen       80;\n    listen  [::]:80;");
    const written = attempt(() => files.write(CONF, encode(enabled), {}, process));
    if (written instanceof Errno) {
      await process.error(`sed: couldn't open temporary file /etc/nginx/conf.d/sedXXXXXX: ${written.message}\n`);
      return 1;
    }
    return info(`Enabled listen on IPv6 in ${CONF}`);
  },
};

/** /proc/net/if_inet6 is there: some link has an address. */
function hasIpv6(process: Process): boolean {
  const ns = namespaceOf(process);
  for (const rows of ns.addresses.values()) if (rows.some(({ local }) => local.includes(":"))) return true;
  return false;
}

export const envsubstOnTemplates: Program = {
  name: "nginx-envsubst-on-templates",
  summary: "fills templates of nginx' configuration with variables",
  async run(process) {
    const { env, host } = process;
    const name = "20-envsubst-on-templates.sh";
    const directory = env.NGINX_ENVSUBST_TEMPLATE_DIR || "/etc/nginx/templates";
    const suffix = env.NGINX_ENVSUBST_TEMPLATE_SUFFIX || ".template";
    const output = env.NGINX_ENVSUBST_OUTPUT_DIR || "/etc/nginx/conf.d";
    if (!host.files.exists(directory, process)) return 0;
    if (!host.files.access(output, 2, process))
      return say(process, name, `ERROR: ${directory} exists, but ${output} is not writable`);
    const filter = new RegExp(env.NGINX_ENVSUBST_FILTER ?? "");
    const known = new Map(Object.entries(env).filter(([variable]) => filter.test(variable)));
    for (const template of templates(process, directory, suffix)) {
      const relative = template.slice(directory.length + 1, -suffix.length);
      const target = `${output}/${relative}`;
      await say(process, name, `Running envsubst on ${template} to ${target}`);
      const text = decode(host.files.read(template, process)).replaceAll(
        /\$(?:\{(\w+)\}|(\w+))/g,
        (whole, braced: string | undefined, plain: string | undefined) => known.get(braced ?? plain!) ?? whole,
      );
      host.files.mkdir(target.slice(0, target.lastIndexOf("/")), { parents: true }, process);
      host.files.write(target, encode(text), {}, process);
    }
    return 0;
  },
};

function templates(process: Process, directory: string, suffix: string): string[] {
  const { files } = process.host;
  return files.list(directory, process).flatMap((name) => {
    if (name.startsWith("..")) return [];
    const path = `${directory}/${name}`;
    if (files.stat(path, process).type === "dir") return templates(process, path, suffix);
    return name.endsWith(suffix) ? [path] : [];
  });
}

export const tuneWorkerProcesses: Program = {
  name: "nginx-tune-worker-processes",
  summary: "sets nginx' number of workers by the container's limits",
  async run(process) {
    if (!process.env.NGINX_ENTRYPOINT_WORKER_PROCESSES_AUTOTUNE) return 0;
    await process.error(
      "drydock: 30-tune-worker-processes.sh: NGINX_ENTRYPOINT_WORKER_PROCESSES_AUTOTUNE is not simulated\n",
    );
    return 64;
  },
};
