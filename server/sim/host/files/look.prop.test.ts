import fc from "fast-check";
import { expect, test } from "vitest";
import { attempt, Errno } from "../errno.ts";
import { testHosts } from "../testing.ts";
import { ROOT, type Caller } from "./mount-namespace.ts";

/** Who may go anywhere, but is not root: paths are walked name by name for it, and straight for root where that is possible. */
const walker: Caller = { ...ROOT, uid: 1000, gid: 1000, groups: [1000] };

const name = fc.constantFrom("a", "b", "c", "d");
const part = fc.oneof({ weight: 6, arbitrary: name }, { weight: 1, arbitrary: fc.constantFrom(".", "..", "", "proc") });
const path = fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => `/${parts.join("/")}`);
const target = fc.oneof(
  path,
  fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join("/")),
);
const act = fc.oneof(
  fc.record({ do: fc.constant("mkdir" as const), path, target }),
  fc.record({ do: fc.constant("write" as const), path, target }),
  fc.record({ do: fc.constant("symlink" as const), path, target }),
  fc.record({ do: fc.constant("mount" as const), path, target }),
  fc.record({ do: fc.constant("unmount" as const), path, target }),
  fc.record({ do: fc.constant("remove" as const), path, target }),
  fc.record({ do: fc.constant("rename" as const), path, target }),
);

test("root finds by the short way what others find name by name", () => {
  fc.assert(
    fc.property(fc.array(act, { maxLength: 14 }), fc.array(path, { minLength: 1, maxLength: 12 }), (acts, paths) => {
      const { host } = testHosts();
      const { files } = host;
      files.mkdir("/m", { mode: 0o777 });
      for (const { do: what, path: at, target: to } of acts) {
        attempt(() => {
          if (what === "mkdir") files.mkdir(at, { mode: 0o777 });
          else if (what === "write") files.write(at, at, { mode: 0o666 });
          else if (what === "symlink") files.symlink(to === "" ? "." : to, at);
          else if (what === "remove") files.removeTree(at);
          else if (what === "rename") files.rename(at, to);
          else if (what === "unmount")
            host.update({
              mounts: host.row.mounts.filter(({ source }, index, all) => source !== "m" || index < all.length - 1),
            });
          else {
            const real = files.realpath(at);
            const found = files.locate("/m")!;
            const mount = { at: real, source: "m", type: "ext4", files: { id: found.id, root: found.ino } };
            if (real !== "/") host.update({ mounts: [...host.row.mounts, mount] });
          }
        });
        // What is remembered of paths must not outlive what makes it so.
        for (const one of paths)
          expect([one, attempt(() => files.locate(one, ROOT))]).toEqual([
            one,
            attempt(() => files.locate(one, walker)),
          ]);
      }
      const seen = (at: string, as: Caller): unknown[] =>
        [
          () => files.realpath(at, as),
          () => files.locate(at, as),
          () => files.exists(at, as),
          () => files.lstat(at, as).type,
          () => files.mountOf(at, as).at,
          () => files.read(at, as),
          () => files.readlink(at, as),
        ].map((look) => {
          const result = attempt<unknown>(look);
          return result instanceof Errno ? `${result.code} ${result.path ?? ""}` : result;
        });
      for (const at of paths) expect([at, seen(at, ROOT)]).toEqual([at, seen(at, walker)]);
    }),
    { numRuns: 400 },
  );
});
