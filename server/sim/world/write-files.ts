import { encode } from "../kernel/index.ts";
import { attempt, dirname, programStub, ROOT, type FileSpec, type Host } from "../host/index.ts";

/** Writes files as an installer does: directories above them are made, what is there is replaced, owners are looked up. */
export function writeFiles(host: Host, specs: readonly FileSpec[]): void {
  const as = { ...ROOT, umask: 0 };
  const { files, users } = host;
  for (const spec of specs) {
    const parent = dirname(spec.path);
    if (!files.exists(parent)) files.mkdir(parent, { parents: true }, { ...ROOT, umask: 0o022 });
    if ("dir" in spec) files.mkdir(spec.path, { parents: true, mode: spec.mode ?? 0o755 }, as);
    else {
      attempt(() => files.unlink(spec.path));
      if ("link" in spec) files.symlink(spec.link, spec.path, as);
      else if ("device" in spec)
        files.mknod(spec.path, { type: "char", mode: spec.mode ?? 0o666, device: spec.device }, as);
      else if ("program" in spec)
        files.write(spec.path, programStub(spec.program, spec.version), { mode: spec.mode ?? 0o755 }, as);
      else files.write(spec.path, encode(spec.text), { mode: spec.mode ?? 0o644 }, as);
    }
    if ("link" in spec) continue;
    if ("dir" in spec && spec.mode !== undefined) files.chmod(spec.path, spec.mode);
    const uid = spec.owner === undefined ? 0 : (users.byName(spec.owner)?.uid ?? 0);
    const gid =
      spec.group === undefined
        ? spec.owner === undefined
          ? 0
          : (users.byName(spec.owner)?.gid ?? 0)
        : (users.groupByName(spec.group)?.gid ?? 0);
    if (uid !== 0 || gid !== 0) files.chown(spec.path, uid, gid);
  }
}
