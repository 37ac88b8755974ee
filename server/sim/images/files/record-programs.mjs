// Writes debian-programs.ts: which programs a minimal Debian 12 and Ubuntu 24.04 have, from real ones (as root, with debootstrap):
//   debootstrap --variant=minbase bookworm /tmp/bookworm
//   debootstrap --variant=minbase noble /tmp/noble http://archive.ubuntu.com/ubuntu
//   node record-programs.mjs /tmp/bookworm /tmp/noble
import { lstatSync, readdirSync, readlinkSync, writeFileSync } from "node:fs";

const [debian, ubuntu] = process.argv.slice(2);

function programs(root) {
  return ["usr/bin", "usr/sbin"].flatMap((directory) =>
    readdirSync(`${root}/${directory}`)
      .sort()
      .map((name) => {
        const path = `${directory}/${name}`;
        const stat = lstatSync(`${root}/${path}`);
        return stat.isSymbolicLink() ? `${path} -> ${readlinkSync(`${root}/${path}`)}` : `${path} ${stat.size}`;
      }),
  );
}

const constant = (name, comment, lines) => `/** ${comment} */\nexport const ${name} = \`\n${lines.join("\n")}\n\`;\n`;
writeFileSync(
  new URL("debian-programs.ts", import.meta.url),
  `// Written by record-programs.mjs. One program a line: its size, or where it points.

${constant("DEBIAN_PROGRAMS", "`debian:bookworm-slim` has what debootstrap's minbase variant has.", programs(debian))}
${constant("UBUNTU_PROGRAMS", "`ubuntu:24.04`, likewise.", programs(ubuntu))}`,
);
