import { expect, test } from "vitest";
import { lab } from "../testing.ts";

const USAGE = `usage: scp [-346ABCOpqRrsTv] [-c cipher] [-D sftp_server_path] [-F ssh_config]
           [-i identity_file] [-J destination] [-l limit] [-o ssh_option]
           [-P port] [-S program] [-X sftp_option] source ... target
`;

/** What scp says and how it exits, as OpenSSH's own does it with its own sftp-server (9.2p1, recorded). */
const RECORDED: readonly (readonly [command: string, says: string, status: number])[] = [
  ["scp nofile node01:/tmp/x", 'scp: stat local "nofile": No such file or directory\n', 255],
  ["scp node01:/nofile .", "scp: /nofile: No such file or directory\n", 1],
  ["scp 'node01:~/nofile' x", "scp: ~/nofile: No such file or directory\n", 1],
  ["scp 'node01:/tmp/q*' x", "scp: /tmp/q*: No such file or directory\n", 1],
  ["scp -r node01:/nodir x", "scp: /nodir: No such file or directory\n", 1],
  ["scp node01:/tmp/dir .", "scp: download /tmp/dir/: not a regular file\n", 1],
  ["scp dir node01:/tmp/d2", 'scp: local "dir" is not a regular file\nscp: failed to upload file dir to /tmp/d2\n', 1],
  [
    "scp a node01:/nodir/x",
    'scp: dest open "/nodir/x": No such file or directory\nscp: failed to upload file a to /nodir/x\n',
    1,
  ],
  [
    "scp a node01:/tmp/nodir/",
    'scp: dest open "/tmp/nodir/": Failure\nscp: failed to upload file a to /tmp/nodir/\n',
    1,
  ],
  ["scp a dir/f node01:/tmp/a", 'scp: remote mkdir "/tmp/a": Failure\n', 255],
  ["scp node01:/tmp/a node01:/tmp/dir/f a", "a: Not a directory\n", 1],
  ["scp node01:/tmp/a /nodir/x", 'scp: open local "/nodir/x": No such file or directory\n', 1],
  ["scp node01:/tmp/a /nodir/", 'scp: open local "/nodir/": Is a directory\n', 1],
  ["scp", USAGE, 1],
  ["scp -z a b", `scp: unknown option -- z\n${USAGE}`, 1],
  ["scp -P 2222 a node01:", "ssh: connect to host node01 port 2222: Connection refused\nscp: Connection closed\n", 255],
];

test("what goes wrong has scp's words and exit codes", async () => {
  const { type, node } = await lab();
  await type("mkdir dir; echo x > dir/f; echo hello > a\n");
  node.files.write("/tmp/a", "hello\n");
  node.files.mkdir("/tmp/dir");
  node.files.write("/tmp/dir/f", "x\n");
  for (const [command, says, status] of RECORDED) {
    const shown = (await type(`${command}; echo $?\n`)).replaceAll("\r", "");
    expect(shown).toBe(`${command}; echo $?\n${says}${status}\n$ `);
  }
});

test("files come over byte for byte, with their modes, and with their times if that is asked for", async () => {
  const { type, node } = await lab();
  const bytes = Array.from({ length: 100_000 }, (_, at) => String.fromCharCode((at * 7919) % 256)).join("");
  node.files.write("/tmp/big", bytes, { mode: 0o640 });
  node.files.utimes("/tmp/big", 1_600_000_000_000_000);
  await type("scp -p node01:/tmp/big here; scp -q here node01:back; touch empty; scp -q empty node01:\n");
  expect(node.files.read("/root/back")).toBe(bytes);
  expect(node.files.stat("/root/back").mode).toBe(0o640);
  expect(node.files.read("/root/empty")).toBe("");
  expect(await type("stat -c '%a %Y %s' here\n")).toContain("\n640 1600000000 100000\n");
  await type("echo short > here; scp -q here node01:back\n");
  expect(node.readText("/root/back")).toBe("short\n");
  await type("scp -q node01:/proc/sys/kernel/hostname name\n");
  expect(await type("cat name\n")).toContain("node01\n");
});

test("directories, patterns and several files; from one other machine to another; and plain copies", async () => {
  const { type, node } = await lab();
  await type("mkdir -p dir/sub; echo f > dir/f; echo g > dir/sub/g; ln -s f dir/link; scp -qr dir node01:/tmp/copy\n");
  expect(node.readText("/tmp/copy/sub/g")).toBe("g\n");
  expect(node.files.lstat("/tmp/copy/link").type).toBe("file");
  await type(
    "scp -qr node01:/tmp/copy back; scp -q 'node01:/tmp/c*y/[fl]*' dir/sub; scp -q dir/f dir/sub/g node01:new\n",
  );
  expect(await type("find back dir/sub -type f | sort\n")).toContain(
    "\nback/f\nback/link\nback/sub/g\ndir/sub/f\ndir/sub/g\ndir/sub/link\n",
  );
  expect(node.files.list("/root/new")).toEqual(["f", "g"]);
  await type("scp -qr node01:/tmp/copy node01:/tmp/again; scp -q dir/f plain\n");
  expect(node.readText("/tmp/again/sub/g")).toBe("g\n");
  expect(await type("cat plain\n")).toContain("f\n");
});

test("the servers there end with the copy, well or not", async () => {
  const { type, node } = await lab();
  const before = node.processes().length;
  await type("echo a > a; scp -q a node01:; scp -q node01:a node01:b; scp -q nofile node01:\n");
  expect(node.readText("/root/b")).toBe("a\n");
  expect(node.processes().length).toBe(before);
});

test("on a terminal a line tells how far it is, as wide as the terminal", async () => {
  const { type } = await lab();
  await type("head -c 300000 /dev/zero > big\n");
  const shown = await type("scp big node01:\n");
  const [, first, last] = shown.replace(/^.*?\n/s, "").split("\r");
  expect(first).toBe(`${"big".padEnd(44)}   0%    0     0.0KB/s   --:-- ETA`);
  expect(last).toMatch(/^big {41} 100% {2}293KB [ \d]{3}\.\d[KMG]B\/s {3}00:00 {4}\n\$ $/);
});
