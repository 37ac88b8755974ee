import { attempt, Errno, resolve } from "../../../sim/host/index.ts";
import type { Applet } from "../applet.ts";

/** coreutils/link.c */
export const link: Applet = {
  options: "",
  usage: () => `FILE LINK

Create hard LINK to FILE`,
  async run(call) {
    const [file, name, extra] = call.operands;
    if (file === undefined || name === undefined || extra !== undefined) return call.usage();
    const { process } = call;
    const made = attempt(() =>
      process.host.files.link(resolve(process.cwd, file), resolve(process.cwd, name), process),
    );
    if (!(made instanceof Errno)) return 0;
    return call.die(`can't create hardlink '${name}' to '${file}': ${call.words(made.code)}`);
  },
};

export const unlink: Applet = {
  options: "",
  usage: () => `FILE

Delete FILE by calling unlink()`,
  async run(call) {
    const [file, extra] = call.operands;
    if (file === undefined || extra !== undefined) return call.usage();
    const { process } = call;
    const gone = attempt(() => process.host.files.unlink(resolve(process.cwd, file), process));
    return gone instanceof Errno ? call.die(`can't remove file '${file}': ${call.words(gone.code)}`) : 0;
  },
};
