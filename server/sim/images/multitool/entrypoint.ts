import { exec, type Process, type Program } from "../../host/index.ts";
import { encode } from "../../kernel/index.ts";
import { namespaceOf, addressesOf, isIPv4, listLinks, parseAddress } from "../../net/index.ts";

/** /docker/entrypoint.sh of wbitt/Network-MultiTool: writes a page that tells who answers, then starts nginx. */
export const multitoolEntrypoint: Program = {
  name: "multitool-entrypoint",
  summary: "prepares the multitool's page and starts nginx",
  async run(process, args) {
    const { env, host } = process;
    const root = "/usr/share/nginx/html";
    if (host.row.mounts.some(({ at }) => at === root)) {
      await process.print(`The directory ${root} is a volume mount. Will not over-write index.html .\n\n`);
    } else {
      await process.print(
        `The directory ${root} is not mounted.\nOver-writing the default index.html file with some useful information.\n`,
      );
      const ports = `HTTP: ${env.HTTP_PORT || "80"} , HTTPS: ${env.HTTPS_PORT || "443"}`;
      const page = `WBITT Network MultiTool (with NGINX) - ${host.hostname} - ${address(process)} - ${ports} . (Formerly praqma/network-multitool)\n`;
      await process.print(page);
      host.files.write(`${root}/index.html`, encode(page), {}, process);
    }
    await replacePort(process, "HTTP", "80", env.HTTP_PORT);
    await replacePort(process, "HTTPS", "443", env.HTTPS_PORT);
    const [command] = args;
    if (command === undefined) return 0;
    return exec(process, command, args, env);
  },
};

async function replacePort(process: Process, name: string, standard: string, port: string | undefined): Promise<void> {
  if (!port) return;
  await process.print(
    `Replacing default ${name} port (${standard}) with the value specified by the user - (${name}_PORT: ${port}).\n`,
  );
  const path = "/etc/nginx/conf.d/default.conf";
  const { files } = process.host;
  files.write(path, files.read(path, process).replaceAll(standard, port), {}, process);
}

/** `10.244.1.5/24`: the first IPv4 address of eth0. */
function address(process: Process): string {
  const ns = namespaceOf(process);
  const eth0 = listLinks(ns).find(({ name }) => name === "eth0");
  const own = (eth0 ? addressesOf(ns, eth0.index) : []).find(({ local }) => isIPv4(parseAddress(local)!));
  return own ? `${own.local}/${own.length}` : "";
}
