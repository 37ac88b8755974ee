import type { Bytes } from "../../../sim/kernel/index.ts";
import { elsewhereOf, makePipe, type Elsewhere, type Process } from "../../../sim/host/index.ts";
import { connectSsh, type SshSession } from "../connect.ts";
import type { SshOptions } from "../options.ts";
import { startRemote } from "../remote.ts";
import type { Stream } from "./client.ts";

/** What sshd_config's `Subsystem sftp` runs. */
const SERVER = "/usr/lib/openssh/sftp-server";

/** Logs in and starts the sftp subsystem there. Throws SshFailure. */
export async function sftpStream(process: Process, options: SshOptions): Promise<Stream> {
  const session = await connectSsh(process, options);
  const elsewhere = elsewhereOf(process.host.hosts, session.host.machine.name);
  return elsewhere ? overLine(process, options, session, elsewhere) : overPipes(process, options, session);
}

function overPipes(process: Process, options: SshOptions, session: SshSession): Stream {
  const there = makePipe(0, process.kernel.limits.pipeBuffer);
  const back = makePipe(0, process.kernel.limits.pipeBuffer);
  const [input, output] = [there.writer.retain(), back.reader.retain()];
  let ended = false;
  const end = (): void => {
    if (!ended) input.drop();
    ended = true;
  };
  startRemote(process, { ...options, command: SERVER }, session, [there.reader, back.writer, process.fds.get(2)]);
  return {
    send: (bytes) => input.write(process, bytes),
    receive: async () => output.read(process, 65_536),
    end,
    close: () => {
      end();
      output.drop();
    },
  };
}

function overLine(process: Process, options: SshOptions, session: SshSession, elsewhere: Elsewhere): Stream {
  const { address, port } = session.socket.connection.remote;
  const line = elsewhere.call({ address, command: SERVER, tty: undefined });
  let over = false;
  const receive = async (): Promise<Bytes> => {
    for (;;) {
      const heard = await line.next(process);
      if (heard.kind === "output") {
        if (heard.stream === 1) return heard.bytes;
        await process.error(heard.bytes);
        continue;
      }
      over = true;
      if (heard.kind === "refused")
        await process.error(`drydock: ${heard.message}\r\nConnection closed by ${address} port ${port}\r\n`);
      else if (heard.kind === "lost") await process.error(`Connection to ${options.host} closed by remote host.\r\n`);
      return "";
    }
  };
  return {
    send: (bytes) => line.send(bytes),
    receive: async () => (over ? "" : receive()),
    end: () => line.end(),
    close: () => {
      if (!over) line.cut();
      over = true;
    },
  };
}
