import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "unbash";
import { expect, test } from "vitest";
import { enablement, listUnitFiles, loadUnitFile, value } from "../index.ts";
import { testHosts } from "../testing.ts";
import {
  debian12Files,
  sshFingerprint,
  ubuntu24Files,
  ubuntu24HostFiles,
  type FileSpec,
  type MachineIdentity,
} from "./index.ts";

const machine: MachineIdentity = {
  hostname: "controlplane",
  machineId: "0123456789abcdef0123456789abcdef",
  seed: 1,
  hosts: [
    { name: "controlplane", address: "172.30.1.2" },
    { name: "node01", address: "172.30.2.2" },
  ],
  nameservers: ["8.8.8.8", "1.1.1.1"],
};
const ubuntu = [...ubuntu24Files, ...ubuntu24HostFiles(machine)];

function textOf(files: readonly FileSpec[], path: string): string {
  const file = files.find((each) => each.path === path);
  if (!file || !("text" in file)) throw new Error(`no text at ${path}`);
  return file.text;
}

test.each([
  ["ubuntu24", ubuntu],
  ["debian12", debian12Files],
])("%s: paths are absolute, plain and stand once; owners are users of the machine", (_, files) => {
  const paths = files.map(({ path }) => path);
  expect(new Set(paths).size).toBe(paths.length);
  for (const path of paths) expect(path).toMatch(/^(\/[^/]+)+$/);
  const names = (path: string): string[] =>
    textOf(files, path)
      .split("\n")
      .map((line) => line.split(":")[0]!);
  const users = names("/etc/passwd");
  const groups = names("/etc/group");
  for (const { owner = "root", group = "root" } of files) {
    expect(users).toContain(owner);
    expect(groups).toContain(group);
  }
});

test.each([
  ["ubuntu24", ubuntu],
  ["debian12", debian12Files],
])("%s: accounts are well-formed and agree with each other", (_, files) => {
  const passwd = textOf(files, "/etc/passwd")
    .trimEnd()
    .split("\n")
    .map((line) => line.split(":"));
  const groupIds = textOf(files, "/etc/group")
    .trimEnd()
    .split("\n")
    .map((line) => line.split(":")[2]);
  for (const entry of passwd) {
    expect(entry.length).toBe(7);
    expect(groupIds).toContain(entry[3]);
  }
  const shadow = textOf(files, "/etc/shadow")
    .trimEnd()
    .split("\n")
    .map((line) => line.split(":"));
  expect(shadow.map(([name]) => name)).toEqual(passwd.map(([name]) => name));
  for (const entry of shadow) expect(entry.length).toBe(9);
});

test.each([
  ["ubuntu24", ubuntu],
  ["debian12", debian12Files],
])("%s: links lead to something that is there or made at run time", (_, files) => {
  const paths = new Set(files.map(({ path }) => path));
  for (const file of files) {
    if (!("link" in file)) continue;
    const target = new URL(file.link, `file://${file.path}`).pathname;
    if (/^\/(proc|usr\/share\/zoneinfo|usr\/(bin|sbin|lib|lib64)$|run$)/.test(target)) continue;
    expect(paths).toContain(target);
  }
});

test("a host boots with Ubuntu's files, and systemd finds its units", () => {
  const { host } = testHosts([], ubuntu);
  expect(host.readText("/etc/resolv.conf")).toBe(textOf(ubuntu, "/run/systemd/resolve/stub-resolv.conf"));
  expect(host.readText("/etc/os-release")).toContain('PRETTY_NAME="Ubuntu 24.04.3 LTS"');
  const services = listUnitFiles(host).filter((name) => /\.(service|socket)$/.test(name));
  expect(services.map((name) => `${name} ${enablement(host, loadUnitFile(host, name)!)}`)).toEqual([
    "cron.service enabled",
    "dbus.service static",
    "dbus.socket static",
    "getty@.service disabled",
    "rsyslog.service enabled",
    "ssh.service disabled",
    "ssh.socket enabled",
    "systemd-journald.service static",
    "systemd-logind.service static",
    "systemd-modules-load.service static",
    "systemd-networkd.service enabled",
    "systemd-resolved.service enabled",
    "systemd-sysctl.service static",
    "systemd-timesyncd.service enabled",
    "systemd-udevd.service static",
  ]);
  for (const name of services) {
    const path = value(loadUnitFile(host, name)!, "Service", "ExecStart") ?? "/";
    expect(path.replace(/^[-@!]*/, "")).toMatch(/^\//);
  }
});

test("our shell's parser reads every start-up file", () => {
  const scripts = [...ubuntu, ...debian12Files].filter(({ path }) => /(profile|bashrc|bash_logout)$/.test(path));
  expect(scripts.length).toBe(11);
  for (const script of scripts) {
    if (!("text" in script)) continue;
    expect([script.path, (parse(script.text) as { errors?: unknown[] }).errors ?? []]).toEqual([script.path, []]);
  }
});

/** What bash itself makes of a file that it sources as an interactive shell. */
function sourced(text: string, command: string, terminal: string): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), "profile-"));
  const file = join(folder, "rc");
  writeFileSync(file, text);
  try {
    return execFileSync("bash", ["--norc", "--noprofile", "-i", "-c", `. ${file}; ${command}`], {
      encoding: "utf8",
      env: { PATH: "/usr/bin:/bin", HOME: folder, TERM: terminal },
      stdio: ["ignore", "pipe", "ignore"],
    });
  } catch {
    return undefined;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("bash takes the prompt and the aliases from Ubuntu's files", () => {
  const root = textOf(ubuntu, "/root/.bashrc");
  const prompt = "${debian_chroot:+($debian_chroot)}\\u@\\h:\\w\\$ ";
  expect(root).toContain(`PS1='${prompt}'`);
  const shown = sourced(root, 'printf "%s\\n" "$PS1"; alias ll la l', "xterm-256color");
  if (shown === undefined) return; // no bash on this machine
  expect(shown).toBe(`\\[\\e]0;\\u@\\h: \\w\\a\\]${prompt}\nalias ll='ls -alF'\nalias la='ls -A'\nalias l='ls -CF'\n`);
  expect(sourced(root, 'printf %s "$PS1"', "dumb")).toBe(prompt);
  const user = textOf(ubuntu, "/etc/skel/.bashrc");
  expect(sourced(user, 'printf %s "$PS1"', "screen-256color")).toBe(
    "${debian_chroot:+($debian_chroot)}\\[\\033[01;32m\\]\\u@\\h\\[\\033[00m\\]:\\[\\033[01;34m\\]\\w\\[\\033[00m\\]\\$ ",
  );
});

test("names and servers of a machine stand where its resolver looks", () => {
  expect(textOf(ubuntu, "/etc/hosts").split("\n").slice(-3)).toEqual([
    "172.30.1.2 controlplane",
    "172.30.2.2 node01",
    "",
  ]);
  expect(textOf(ubuntu, "/run/systemd/resolve/stub-resolv.conf").split("\n").slice(3)).toEqual([
    "nameserver 127.0.0.53",
    "options edns0 trust-ad",
    "search .",
    "",
  ]);
  expect(textOf(ubuntu, "/run/systemd/resolve/resolv.conf").split("\n").slice(3)).toEqual([
    "nameserver 8.8.8.8",
    "nameserver 1.1.1.1",
    "search .",
    "",
  ]);
});

test("every entry of services and protocols can be looked up", () => {
  const services = textOf(ubuntu, "/etc/services").trimEnd().split("\n");
  for (const line of services) expect(line).toMatch(/^[\w+.-]+\s+\d+\/(tcp|udp|sctp|ddp|dccp)(\s+[\w .+-]+)?$/);
  expect(services).toContain("domain\t\t53/udp");
  expect(services).toContain("https\t\t443/tcp");
  const protocols = textOf(ubuntu, "/etc/protocols").trimEnd().split("\n");
  for (const line of protocols) expect(line).toMatch(/^[\w.-]+\s+\d+(\s+[\w .-]+)?$/);
});

test("a machine's host key is one that OpenSSH reads, with the fingerprint that we compute", () => {
  const publicKey = textOf(ubuntu, "/etc/ssh/ssh_host_ed25519_key.pub");
  const fingerprint = sshFingerprint(publicKey)!;
  expect(fingerprint).toMatch(/^SHA256:[A-Za-z0-9+/]{43}$/);
  const again = ubuntu24HostFiles(machine);
  expect(textOf(again, "/etc/ssh/ssh_host_ed25519_key.pub")).toBe(publicKey);
  const other = ubuntu24HostFiles({ ...machine, hostname: "node01" });
  expect(textOf(other, "/etc/ssh/ssh_host_ed25519_key.pub")).not.toBe(publicKey);

  const folder = mkdtempSync(join(tmpdir(), "hostkey-"));
  const file = join(folder, "key");
  writeFileSync(file, textOf(ubuntu, "/etc/ssh/ssh_host_ed25519_key"), { mode: 0o600 });
  const read = (...args: string[]): string | undefined => {
    try {
      return execFileSync("ssh-keygen", [...args, "-f", file], {
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
      });
    } catch {
      return undefined;
    }
  };
  const derived = read("-y");
  if (derived !== undefined) {
    expect(derived).toBe(publicKey);
    expect(read("-l")).toBe(`256 ${fingerprint} root@controlplane (ED25519)\n`);
  }
  rmSync(folder, { recursive: true });
});
