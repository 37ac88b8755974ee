import { describe, expect, test } from "vitest";
import { attempt, Errno } from "../errno.ts";
import { testHosts } from "../testing.ts";
import { ROOT, type Caller } from "./mount-namespace.ts";

const nobody: Caller = { ...ROOT, uid: 65534, gid: 65534, groups: [65534] };
const words = (call: () => unknown): string => {
  const result = attempt(call);
  return result instanceof Errno ? result.message : `no error: ${JSON.stringify(result)}`;
};

describe("paths", () => {
  test("symbolic links are followed, relative to where they stand, and loops end", () => {
    const { files } = testHosts().host;
    files.mkdir("/a/b", { parents: true });
    files.write("/a/b/file", "text");
    files.symlink("b", "/a/link");
    files.symlink("/a/link/file", "/abs");
    files.symlink("loop", "/loop");
    expect(files.read("/abs")).toBe("text");
    expect(files.realpath("/a/link/../link/file")).toBe("/a/b/file");
    expect(files.lstat("/abs").type).toBe("link");
    expect(files.readlink("/abs")).toBe("/a/link/file");
    expect(words(() => files.read("/loop"))).toBe("Too many levels of symbolic links");
  });

  test("what is wrong with a path has its own error", () => {
    const { files } = testHosts().host;
    files.write("/tmp/file", "x");
    expect(words(() => files.read("/nope/x"))).toBe("No such file or directory");
    expect(words(() => files.read("/tmp/file/x"))).toBe("Not a directory");
    expect(words(() => files.read("/tmp"))).toBe("Is a directory");
    expect(words(() => files.stat("/tmp/file/"))).toBe("Not a directory");
    expect(words(() => files.write(`/tmp/${"n".repeat(256)}`, ""))).toBe("File name too long");
    expect(words(() => files.read(""))).toBe("No such file or directory");
  });

  test("relative paths start at the caller's directory", () => {
    const { files } = testHosts().host;
    files.write("note", "1", {}, { ...ROOT, cwd: "/tmp" });
    expect(files.read("../tmp/./note", { ...ROOT, cwd: "/root" })).toBe("1");
  });
});

describe("permissions", () => {
  test("root may all, others what the bits say", () => {
    const { files } = testHosts().host;
    files.write("/root/secret", "s");
    files.write("/tmp/mine", "m", { mode: 0o600 }, nobody);
    expect(words(() => files.read("/root/secret", nobody))).toBe("Permission denied");
    expect(words(() => files.write("/usr/x", "", {}, nobody))).toBe("Permission denied");
    expect(files.read("/tmp/mine")).toBe("m");
    expect(files.stat("/tmp/mine").mode).toBe(0o600);
    expect(words(() => files.chmod("/tmp/mine", 0o777, { ...nobody, uid: 5 }))).toBe("Operation not permitted");
  });

  test("in a sticky directory only the owner may remove a file", () => {
    const { files } = testHosts().host;
    files.write("/tmp/theirs", "");
    expect(words(() => files.unlink("/tmp/theirs", nobody))).toBe("Operation not permitted");
  });
});

describe("changes", () => {
  test("rename moves over files and refuses what Linux refuses", () => {
    const { files } = testHosts().host;
    files.write("/tmp/a", "a");
    files.write("/tmp/b", "b");
    files.rename("/tmp/a", "/tmp/b");
    expect(files.list("/tmp")).toEqual(["b"]);
    expect(files.read("/tmp/b")).toBe("a");
    files.mkdir("/tmp/d/e", { parents: true });
    expect(words(() => files.rename("/tmp/d", "/tmp/d/e/f"))).toBe("Invalid argument");
    expect(words(() => files.rename("/tmp/b", "/tmp/d"))).toBe("Is a directory");
    expect(words(() => files.rmdir("/tmp/d"))).toBe("Directory not empty");
    files.removeTree("/tmp/d");
    expect(files.exists("/tmp/d")).toBe(false);
  });

  test("hard links share content until the last name goes", () => {
    const { files } = testHosts().host;
    files.write("/tmp/a", "1");
    files.link("/tmp/a", "/tmp/b");
    files.write("/tmp/b", "2", { append: true });
    expect([files.read("/tmp/a"), files.stat("/tmp/a").links]).toEqual(["12", 2]);
    files.unlink("/tmp/a");
    expect([files.read("/tmp/b"), files.stat("/tmp/b").links]).toEqual(["12", 1]);
  });

  test("a mount shows another file system, read-only if it says so", () => {
    const { host, hosts } = testHosts();
    hosts.fileSystem("volume").create(1, "data", { type: "file", mode: 0o644, uid: 0, gid: 0, mtime: 0, data: "v" });
    host.files.mkdir("/mnt/x", { parents: true });
    host.update({
      mounts: [
        ...host.mounts,
        { at: "/mnt/x", source: "vol", type: "ext4", readOnly: true, files: { id: "volume", root: 1 } },
      ],
    });
    expect(host.files.read("/mnt/x/data")).toBe("v");
    expect(words(() => host.files.write("/mnt/x/new", ""))).toBe("Read-only file system");
    expect(words(() => host.files.rmdir("/mnt/x"))).toBe("Directory not empty");
  });

  test("a file over the limit is refused", () => {
    const { host } = testHosts();
    expect(words(() => host.files.write("/tmp/big", "x".repeat(host.kernel.limits.fileSize + 1)))).toBe(
      "File too large",
    );
  });

  test("watchers hear of changes in their directory only", () => {
    const { host, hosts } = testHosts();
    host.files.mkdir("/etc/manifests", { parents: true });
    let heard = 0;
    hosts.watchDirectory("controlplane", "/etc/manifests", () => heard++);
    host.files.write("/etc/other", "");
    expect(heard).toBe(0);
    host.files.write("/etc/manifests/a.yaml", "1");
    host.files.write("/etc/manifests/a.yaml", "2");
    host.files.unlink("/etc/manifests/a.yaml");
    expect(heard).toBe(3);
  });
});
