import { LabSource, PlacedLab } from "../../../labs/index.ts";
import { baseName, type BaseOrder } from "../protocol/index.ts";
import { hostAddress, MOST_HOSTS, TASKS_MACHINE } from "../../sim/presets/index.ts";

/** The name of its preset. */
export const BASE_PRESET = "base";

/** A base has no files of its own. */
const SOURCE = new LabSource({ path: "base", files: new Map([["lab.yaml", "version: 1\n"]]) });

/** The base of an exam as a lab without tasks: its terminals, and what is done in its world before somebody comes. */
export function placeBase(order: BaseOrder, seed: number): PlacedLab {
  const { host, user, hosts } = order;
  if (hosts.length > MOST_HOSTS) throw new Error(`a base has at most ${MOST_HOSTS} hosts, not ${hosts.length}`);
  return new PlacedLab(
    SOURCE,
    {
      version: 1,
      id: baseName(order),
      title: "Base",
      summary: "The host on which an exam's terminals begin.",
      topics: [],
      level: "easy",
      minutes: 1,
      preset: BASE_PRESET,
      terminal: { host, user },
      variants: {},
      docs: [],
      setup: [
        { script: { on: host, run: accountScript(user) } },
        { script: { on: host, run: hostsScript(order) } },
        { script: { on: TASKS_MACHINE, run: `true\n${tasksScript(order)}` } },
      ],
      tasks: [],
      untouched: 0,
      explain: "",
    },
    seed,
    {},
  );
}

/** Their account, with root's key, which the tasks' hosts know. */
function accountScript(user: string): string {
  const home = `/home/${user}`;
  return `
echo '${user}:x:1001:1001::${home}:/bin/bash' >> /etc/passwd
echo '${user}:x:1001:' >> /etc/group
mkdir -p ${home}/.ssh
cp /etc/skel/.bashrc /etc/skel/.profile ${home}/
cp /root/.ssh/id_ed25519 /root/.ssh/id_ed25519.pub ${home}/.ssh/
chmod 700 ${home}/.ssh
`;
}

/** The tasks' hosts by name, each with who logs in there and its key. */
function hostsScript({ user, hosts }: BaseOrder): string {
  const ssh = `/home/${user}/.ssh`;
  const names = hosts.map((each, part) => `${hostAddress(part)} ${each.host}`);
  const config = hosts.map((each) => `Host ${each.host}\n    User ${each.user}`);
  return `
sed -i '/ ${TASKS_MACHINE}$/d' /etc/hosts
${writing("/etc/hosts", names)}
${writing(`${ssh}/config`, config)}
read -r _ key < <(grep '^${TASKS_MACHINE},' /etc/ssh/ssh_known_hosts)
cat > /etc/ssh/ssh_known_hosts <<END
${hosts.map((each, part) => `${each.host},${hostAddress(part)} $key`).join("\n")}
END
chown -R ${user}:${user} /home/${user}
`;
}

function writing(path: string, lines: readonly string[]): string {
  return `cat >> ${path} <<'END'\n${lines.join("\n")}\nEND`;
}

/** Accounts that parts' hosts have beside root's. */
function tasksScript({ hosts }: BaseOrder): string {
  const users = [...new Set(hosts.map(({ user }) => user))].filter((user) => user !== "root");
  return users
    .map(
      (user, at) => `
echo '${user}:x:${1001 + at}:${1001 + at}::/home/${user}:/bin/bash' >> /etc/passwd
echo '${user}:x:${1001 + at}:' >> /etc/group
mkdir -p /home/${user}/.ssh
cp /root/.ssh/authorized_keys /home/${user}/.ssh/
chown -R ${user}:${user} /home/${user}
`,
    )
    .join("");
}
