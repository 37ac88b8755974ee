import { LineInput, type Process } from "../../../sim/host/index.ts";
import { decode } from "../../../sim/kernel/index.ts";
import { GoError } from "../errors/go-error.ts";

/** Asks for name and password, where a kubeconfig has no way to authenticate (client-go tools/clientcmd/auth_loaders.go). */
export async function promptForCredentials(process: Process): Promise<{ username: string; password: string }> {
  const stdin = process.fds.find(0);
  const input = stdin && new LineInput(process, stdin);
  const ask = async (words: string): Promise<string> => {
    await process.print(words);
    const line = await input?.next();
    if (line === undefined || line.trim() === "") throw new GoError(line === undefined ? "EOF" : "unexpected newline");
    return decode(line).trim();
  };
  const username = await ask("Please enter Username: ");
  const terminal = stdin?.tty;
  if (!terminal) return { username, password: await ask("Please enter Password: ") };
  const before = terminal.termios;
  terminal.termios = { ...before, echo: false };
  try {
    return { username, password: await ask("Please enter Password: ") };
  } finally {
    terminal.termios = before;
    await process.print("\n");
  }
}
