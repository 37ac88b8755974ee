import { FdTable, fork, type OpenFile, type Process } from "../../../sim/host/index.ts";

/** A command's own standard input, which somebody else fills. */
export interface StdinCopy {
  readonly reader: OpenFile;
  stop(): void;
}

/**
 * Carries standard input to a remote command, as a goroutine of the client does: it takes what there is, whether or not the
 * command reads it. A loop that reads from the same file finds nothing left (client-go tools/remotecommand/v2.go copyStdin).
 */
export function copyStdin(process: Process, stdin: OpenFile): StdinCopy {
  const { reader, writer } = process.pipe();
  reader.retain();
  const copier = fork(
    process,
    async (child) => {
      child.carriesTo = writer;
      for (;;) {
        const data = await child.read(0);
        if (data === "") return 0;
        await child.write(1, data);
      }
    },
    {
      fds: new FdTable([
        [0, stdin],
        [1, writer],
      ]),
    },
  );
  return {
    reader,
    stop() {
      if (!copier.ended) copier.signal("SIGKILL");
      reader.drop();
    },
  };
}
