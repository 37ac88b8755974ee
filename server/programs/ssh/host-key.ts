import { decode } from "../../sim/kernel/index.ts";
import { open, sshFingerprint, type Host, type Process } from "../../sim/host/index.ts";
import { SshFailure } from "./failure.ts";
import { homeOf } from "./home.ts";
import type { SshOptions } from "./options.ts";

const KEY = "/etc/ssh/ssh_host_ed25519_key.pub";

/** Compares the host's key with those that are known; asks about one that is new (sshconnect.c check_host_key). */
export async function checkHostKey(process: Process, options: SshOptions, host: Host, address: string): Promise<void> {
  const key = host.readText(KEY)?.split(" ").slice(0, 2).join(" ");
  if (key === undefined) throw new SshFailure(`Connection closed by ${address} port ${options.port}`);
  const name = options.port === 22 ? options.host : `[${options.host}]:${options.port}`;
  const own = options.settings.get("userknownhostsfile") ?? `${homeOf(process)}/.ssh/known_hosts`;
  const entries = [own, options.settings.get("globalknownhostsfile") ?? "/etc/ssh/ssh_known_hosts"].flatMap((path) =>
    (process.host.readText(path) ?? "").split("\n").map((line, at) => ({ path, line: at + 1, words: line.split(" ") })),
  );
  const matching = entries.filter(({ words }) => words[0]!.split(",").includes(name) && words.length >= 3);
  if (matching.some(({ words }) => `${words[1]!} ${words[2]!}` === key)) return;
  const [wrong] = matching;
  const strict = (options.settings.get("stricthostkeychecking") ?? "ask").toLowerCase();
  const fingerprint = sshFingerprint(key) ?? "";
  if (wrong) {
    await process.error(changed(name, fingerprint, wrong.path, wrong.line));
    if (strict !== "no" && strict !== "off") throw new SshFailure("Host key verification failed.");
    return;
  }
  if (strict === "yes")
    throw new SshFailure(
      `No ED25519 host key is known for ${name} and you have requested strict checking.\r\nHost key verification failed.`,
    );
  if (strict === "ask") await ask(process, options, name, address, fingerprint);
  if (own !== "/dev/null") remember(process, own, `${name} ${key}\n`);
  if (!options.quiet && !/^(?:error|fatal)$/i.test(options.settings.get("loglevel") ?? ""))
    await process.error(`Warning: Permanently added '${name}' (ED25519) to the list of known hosts.\n`);
}

async function ask(
  process: Process,
  options: SshOptions,
  name: string,
  address: string,
  fingerprint: string,
): Promise<void> {
  const refused = new SshFailure("Host key verification failed.");
  if (!process.isTty(0) || options.settings.get("batchmode")?.toLowerCase() === "yes") throw refused;
  const place = name === address ? name : `${name} (${address})`;
  await process.error(
    `The authenticity of host '${place}' can't be established.\nED25519 key fingerprint is ${fingerprint}.\nThis key is not known by any other names.\n`,
  );
  let question = "Are you sure you want to continue connecting (yes/no/[fingerprint])? ";
  for (;;) {
    await process.error(question);
    const line = await process.read(0);
    const answer = decode(line).trim().toLowerCase();
    if (answer === "yes" || answer === fingerprint.toLowerCase()) return;
    if (answer === "no" || line === "") throw refused;
    question = "Please type 'yes', 'no' or the fingerprint: ";
  }
}

function remember(process: Process, path: string, line: string): void {
  const directory = path.slice(0, path.lastIndexOf("/"));
  if (!process.host.files.exists(directory))
    process.host.files.mkdir(directory, { parents: true, mode: 0o700 }, process);
  const file = open(process.host, path, { write: true, append: true, mode: 0o600 }, process).retain();
  void file.write(process, line);
  file.drop();
}

function changed(name: string, fingerprint: string, path: string, line: number): string {
  const rule = "@".repeat(59);
  return `${rule}
@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @
${rule}
IT IS POSSIBLE THAT SOMEONE IS DOING SOMETHING NASTY!
Someone could be eavesdropping on you right now (man-in-the-middle attack)!
It is also possible that a host key has just been changed.
The fingerprint for the ED25519 key sent by the remote host is
${fingerprint}.
Please contact your system administrator.
Add correct host key in ${path} to get rid of this message.
Offending ED25519 key in ${path}:${line}
Host key for ${name} has changed and you have requested strict checking.
`;
}
