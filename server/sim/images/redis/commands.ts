/** What the server holds. */
export type Keys = Readonly<Record<string, string>>;

export interface Ran {
  readonly reply: string;
  /** The keys afterwards, if they changed. */
  readonly keys?: Keys;
  readonly quit?: boolean;
}

const bulk = (text: string | undefined): string => (text === undefined ? "$-1\r\n" : `$${text.length}\r\n${text}\r\n`);
const number = (value: number): string => `:${value}\r\n`;
const OK = "+OK\r\n";

/** Runs one command on the keys. */
export function runCommand(words: readonly string[], keys: Keys): Ran {
  const [name, ...args] = words as [string, ...string[]];
  const command = COMMANDS[name.toUpperCase()];
  if (!command) return { reply: `-ERR drydock: redis: '${name}' is not simulated\r\n` };
  if (args.length < command.least || args.length > command.most)
    return { reply: `-ERR wrong number of arguments for '${name.toLowerCase()}' command\r\n` };
  return command.run(args, keys);
}

interface Command {
  readonly least: number;
  readonly most: number;
  run(args: readonly string[], keys: Keys): Ran;
}

const COMMANDS: Readonly<Record<string, Command>> = {
  PING: { least: 0, most: 1, run: ([text]) => ({ reply: text === undefined ? "+PONG\r\n" : bulk(text) }) },
  ECHO: { least: 1, most: 1, run: ([text]) => ({ reply: bulk(text) }) },
  QUIT: { least: 0, most: Infinity, run: () => ({ reply: OK, quit: true }) },
  SELECT: {
    least: 1,
    most: 1,
    run: ([index]) => ({
      reply: index === "0" ? OK : "-ERR drydock: redis: databases other than 0 are not simulated\r\n",
    }),
  },
  COMMAND: { least: 0, most: Infinity, run: () => ({ reply: "*0\r\n" }) },
  SET: { least: 2, most: 2, run: ([key, value], keys) => ({ reply: OK, keys: { ...keys, [key!]: value! } }) },
  GET: {
    least: 1,
    most: 1,
    run: ([key], keys) => ({ reply: bulk(Object.hasOwn(keys, key!) ? keys[key!] : undefined) }),
  },
  EXISTS: {
    least: 1,
    most: Infinity,
    run: (names, keys) => ({ reply: number(names.filter((name) => Object.hasOwn(keys, name)).length) }),
  },
  DEL: {
    least: 1,
    most: Infinity,
    run(names, keys) {
      const kept = Object.fromEntries(Object.entries(keys).filter(([key]) => !names.includes(key)));
      return { reply: number(Object.keys(keys).length - Object.keys(kept).length), keys: kept };
    },
  },
  INCR: {
    least: 1,
    most: 1,
    run([key], keys) {
      const value = keys[key!] ?? "0";
      if (!/^-?\d{1,15}$/.test(value)) return { reply: "-ERR value is not an integer or out of range\r\n" };
      return { reply: number(Number(value) + 1), keys: { ...keys, [key!]: String(Number(value) + 1) } };
    },
  },
  DBSIZE: { least: 0, most: 0, run: (_, keys) => ({ reply: number(Object.keys(keys).length) }) },
  FLUSHALL: { least: 0, most: 1, run: () => ({ reply: OK, keys: {} }) },
};
