import { elsewhereOf, exitCode, type Process, type Program } from "../../sim/host/index.ts";
import { fileSettings } from "./config-files.ts";
import { connectSsh } from "./connect.ts";
import { runElsewhere } from "./elsewhere.ts";
import { SshFailure } from "./failure.ts";
import { parseSshArguments } from "./options.ts";
import { runRemote } from "./remote.ts";

/** OpenSSH's client. What is said on the wire is only who both sides are; what follows is the simulation's. */
export const ssh: Program = {
  name: "ssh",
  summary: "OpenSSH remote login client",
  async run(process, args) {
    const options = parseSshArguments(args, (host, file) => fileSettings(process, host, file));
    if ("words" in options) {
      await process.error(options.words);
      return options.code;
    }
    try {
      const session = await connectSsh(process, options);
      const elsewhere = elsewhereOf(process.host.hosts, session.host.machine.name);
      const status = elsewhere
        ? { code: await runElsewhere(process, options, session.socket.connection.remote.address, elsewhere) }
        : await runRemote(process, options, session);
      const withTty = options.tty ?? options.command === undefined;
      if (withTty && process.isTty(0) && !options.quiet) await process.error(`Connection to ${options.host} closed.\n`);
      return "signal" in status ? 255 : exitCode(status);
    } catch (error) {
      if (!(error instanceof SshFailure)) throw error;
      return fail(process, error);
    }
  },
};

async function fail(process: Process, { message }: SshFailure): Promise<number> {
  await process.error(`${message}\n`);
  return 255;
}
