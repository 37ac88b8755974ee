// Writes bookworm.ts: packages of Debian 12 whose programs are in the box, with all they need, from a real one (as root):
//   debootstrap --variant=minbase bookworm /tmp/bookworm && cp /tmp/bookworm/var/lib/dpkg/status /tmp/base-status
//   chroot /tmp/bookworm apt-get update && chroot /tmp/bookworm apt-get install -y TOOLS…
//   node record.mjs /tmp/bookworm /tmp/base-status
import { execFileSync } from "node:child_process";
import { lstatSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";

const TOOLS =
  "curl wget dnsutils bind9-dnsutils bind9-host iputils-ping iputils-arping iputils-tracepath iproute2 netcat-openbsd telnet inetutils-telnet tcpdump traceroute net-tools procps jq vim-tiny nano less tree iptables ipset conntrack bridge-utils openssl ca-certificates openssh-client lsof psmisc bsdextrautils xxd".split(
    " ",
  );
const [root, baseStatus] = process.argv.slice(2);

const paragraphs = (text) =>
  text
    .split(/\n\n+/)
    .filter((one) => one.trim() !== "")
    .map((one) => {
      const fields = {};
      for (const line of one.split("\n")) {
        const match = /^([A-Za-z0-9-]+): ?(.*)$/.exec(line);
        if (match) fields[match[1]] ??= match[2];
      }
      return fields;
    });
const base = new Map(paragraphs(readFileSync(baseStatus, "utf8")).map((one) => [one.Package, one.Version]));
const installed = paragraphs(readFileSync(`${root}/var/lib/dpkg/status`, "utf8")).map(({ Package }) => Package);
const chroot = (...args) => execFileSync("chroot", [root, ...args], { encoding: "utf8", maxBuffer: 1e9 });
const shown = paragraphs(chroot("apt-cache", "show", "--no-all-versions", ...installed));
const known = new Set(shown.map(({ Package }) => Package));
const provides = new Map(
  shown.flatMap((one) =>
    (one.Provides ?? "")
      .split(/,\s*/)
      .filter(Boolean)
      .map((name) => [name.split(" ")[0], one.Package]),
  ),
);
const names = (list) =>
  (list ?? "")
    .split(/,\s*/)
    .filter((choice) => choice !== "")
    .map((choice) => choice.split("|").map((name) => name.trim().split(/[ :(]/)[0]))
    .map((choice) => choice.find((name) => known.has(name)) ?? choice.map((name) => provides.get(name)).find(Boolean))
    .filter((name) => name !== undefined && !base.has(name));
const programsOf = (name) =>
  chroot("dpkg", "-L", name)
    .split("\n")
    .map((path) => path.replace(/^\/(s?bin)\//, "/usr/$1/"))
    .filter((path) => /^\/usr\/s?bin\/./.test(path))
    .sort()
    .map((path) => {
      const stat = lstatSync(`${root}${path}`);
      return stat.isSymbolicLink()
        ? `${path.slice(1)} -> ${readlinkSync(`${root}${path}`)}`
        : `${path.slice(1)} ${stat.size}`;
    });
/** `usr/bin/nc -> /etc/alternatives/nc`, and where that points, for programs that one of these packages has. */
const alternatives = (programs) => {
  const own = new Set(programs.map((line) => `/${line.split(" ")[0]}`));
  return ["usr/bin", "usr/sbin"].flatMap((directory) =>
    readdirSync(`${root}/${directory}`).flatMap((name) => {
      const path = `${root}/${directory}/${name}`;
      if (!lstatSync(path).isSymbolicLink() || !readlinkSync(path).startsWith("/etc/alternatives/")) return [];
      const target = readlinkSync(`${root}${readlinkSync(path)}`).replace(/^\/(s?bin)\//, "/usr/$1/");
      if (!own.has(target)) return [];
      return [`${directory}/${name} -> ${readlinkSync(path)}`, `${readlinkSync(path).slice(1)} -> ${target}`];
    }),
  );
};
const withPrograms = (name) => {
  if (!TOOLS.includes(name)) return {};
  const programs = programsOf(name);
  return { programs: [...programs, ...alternatives(programs)] };
};
const rows = shown
  .filter(({ Package }) => !base.has(Package))
  .sort((a, b) => (a.Package < b.Package ? -1 : 1))
  .map((one) => ({
    name: one.Package,
    version: one.Version,
    arch: one.Architecture,
    ...(one["Multi-Arch"] === "same" ? { multi: true } : {}),
    suite: one.Filename.startsWith("pool/updates/") ? "security" : "main",
    size: Number(one.Size),
    installed: Number(one["Installed-Size"]),
    file: one.Filename,
    depends: [...new Set([...names(one["Pre-Depends"]), ...names(one.Depends)])],
    recommends: [...new Set(names(one.Recommends))],
    ...withPrograms(one.Package),
  }));
writeFileSync(
  new URL("bookworm.ts", import.meta.url),
  `// Written by record.mjs.\n// oxfmt-ignore\nimport type { DebianPackage } from "./package.ts";\n\nexport const BOOKWORM: readonly DebianPackage[] = [\n${rows.map((row) => `  ${JSON.stringify(row)},`).join("\n")}\n]; // prettier-ignore\n\n/** What debootstrap's minbase variant has, with its versions. */\nexport const BASE: Readonly<Record<string, string>> = {\n${[...base].map(([name, version]) => `  ${JSON.stringify(name)}: ${JSON.stringify(version)},`).join("\n")}\n};\n`,
);
