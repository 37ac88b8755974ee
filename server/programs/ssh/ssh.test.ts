import { expect, test } from "vitest";
import { lab } from "./testing.ts";

test("a command runs on the other machine with the caller's descriptors, and its exit code comes back", async () => {
  const { type } = await lab();
  expect(await type("echo hi | ssh node01 'cat; hostname; exit 3'; echo $?\n")).toContain("hi\nnode01\n3\n");
});

test("a login is a shell of the other machine on the same terminal; exit comes back", async () => {
  const { type, node } = await lab();
  expect(await type("ssh node01\n")).toContain("root@node01");
  expect(await type("hostname; tty; echo $SSH_CONNECTION\n")).toMatch(
    /node01\n\/dev\/pts\/0\n10\.0\.0\.1 \d+ 10\.0\.0\.2 22\n/,
  );
  await type("sleep 100\n");
  expect(node.processes().some(({ comm }) => comm === "sleep")).toBe(true);
  await type("\x03");
  expect(node.processes().some(({ comm }) => comm === "sleep")).toBe(false);
  expect(await type("exit\n")).toContain("logout\nConnection to node01 closed.\n");
  expect(await type("hostname; echo $?\n")).toContain("controlplane\n0\n");
});

test("what goes wrong has ssh's words", async () => {
  const { type, node } = await lab();
  expect(await type("ssh -p 2222 node01; echo $?\n")).toContain(
    "ssh: connect to host node01 port 2222: Connection refused\n255\n",
  );
  expect(await type("ssh nobody.here true; echo $?\n")).toContain(
    "ssh: Could not resolve hostname nobody.here: Temporary failure in name resolution\n255\n",
  );
  node.files.write("/root/.ssh/authorized_keys", "");
  expect(await type("ssh -o BatchMode=yes node01 true; echo $?\n")).toContain(
    "root@node01: Permission denied (publickey,password).\n255\n",
  );
});

test("an unknown host is asked about, and known from then on", async () => {
  const { type } = await lab();
  await type("rm /etc/ssh/ssh_known_hosts\n");
  const asked = await type("ssh node01 hostname\n");
  expect(asked).toContain(
    "The authenticity of host 'node01 (10.0.0.2)' can't be established.\nED25519 key fingerprint is SHA256:",
  );
  expect(await type("yes\n")).toContain(
    "Warning: Permanently added 'node01' (ED25519) to the list of known hosts.\nnode01\n",
  );
  expect(await type("ssh node01 hostname\n")).toContain("\nnode01\n");
});
