import { calendar, pad } from "../../kernel/index.ts";
import { exec, findInPath, type Process, type Program } from "../../host/index.ts";

/** docker-entrypoint.sh of databases: it refuses to start without a password, then becomes the server. */

export const mysqlEntrypoint: Program = {
  name: "mysql-docker-entrypoint",
  summary: "prepares MySQL's data and starts it",
  run: (process, args) =>
    startMysql(process, args, {
      server: "mysqld",
      started: "Entrypoint script for MySQL Server 8.4.5-1.el9 started.",
      options: ["MYSQL_ROOT_PASSWORD", "MYSQL_ALLOW_EMPTY_PASSWORD", "MYSQL_RANDOM_ROOT_PASSWORD"],
      need: `    You need to specify one of the following as an environment variable:
    - MYSQL_ROOT_PASSWORD
    - MYSQL_ALLOW_EMPTY_PASSWORD
    - MYSQL_RANDOM_ROOT_PASSWORD`,
    }),
};

/** As docker-library/mariadb docker-entrypoint.sh, docker_verify_minimum_env. */
export const mariadbEntrypoint: Program = {
  name: "mariadb-docker-entrypoint",
  summary: "prepares MariaDB's data and starts it",
  run: (process, args) =>
    startMysql(process, args, {
      server: "mariadbd",
      started: "Entrypoint script for MariaDB Server started.",
      options: [
        "MARIADB_ROOT_PASSWORD",
        "MARIADB_ROOT_PASSWORD_HASH",
        "MARIADB_ALLOW_EMPTY_ROOT_PASSWORD",
        "MARIADB_RANDOM_ROOT_PASSWORD",
        "MYSQL_ROOT_PASSWORD",
        "MYSQL_ALLOW_EMPTY_PASSWORD",
        "MYSQL_RANDOM_ROOT_PASSWORD",
      ],
      need: "\tYou need to specify one of MARIADB_ROOT_PASSWORD, MARIADB_ROOT_PASSWORD_HASH, MARIADB_ALLOW_EMPTY_ROOT_PASSWORD and MARIADB_RANDOM_ROOT_PASSWORD",
    }),
};

interface MysqlStart {
  readonly server: string;
  readonly started: string;
  /** Variables of which one must be set. */
  readonly options: readonly string[];
  /** What is told if none is. */
  readonly need: string;
}

async function startMysql(process: Process, args: readonly string[], start: MysqlStart): Promise<number> {
  if (args[0]?.startsWith("-")) return become(process, [start.server, ...args]);
  if (args[0] !== start.server) return become(process, args);
  const { year, month, day, hour, minute, second } = calendar(process.now);
  const stamp = `${year}-${pad(month, 2)}-${pad(day, 2)} ${pad(hour, 2)}:${pad(minute, 2)}:${pad(second, 2)}+00:00`;
  await process.print(`${stamp} [Note] [Entrypoint]: ${start.started}\n`);
  if (start.options.some((name) => process.env[name])) return become(process, args);
  await process.error(
    `${stamp} [ERROR] [Entrypoint]: Database is uninitialized and password option is not specified\n${start.need}\n`,
  );
  return 1;
}

export const postgresEntrypoint: Program = {
  name: "postgres-docker-entrypoint",
  summary: "prepares PostgreSQL's data and starts it",
  async run(process, args) {
    if (args[0]?.startsWith("-")) return become(process, ["postgres", ...args]);
    if (args[0] !== "postgres" || process.env.POSTGRES_PASSWORD || process.env.POSTGRES_HOST_AUTH_METHOD === "trust")
      return become(process, args);
    await process.error(`Error: Database is uninitialized and superuser password is not specified.
       You must specify POSTGRES_PASSWORD to a non-empty value for the
       superuser. For example, "-e POSTGRES_PASSWORD=password" on "docker run".

       You may also use "POSTGRES_HOST_AUTH_METHOD=trust" to allow all
       connections without a password. This is *not* recommended.

       See PostgreSQL documentation about "trust":
       https://www.postgresql.org/docs/current/auth-trust.html
`);
    return 1;
  },
};

/** redis, memcached and mongo take options for their server without its name. */
export const serverEntrypoint: Program = {
  name: "server-docker-entrypoint",
  summary: "starts a server",
  async run(process, args) {
    const server = ["redis-server", "memcached", "mongod", "rabbitmq-server"].find((name) =>
      findInPath(process.host, name, process.env.PATH, process),
    );
    const options = args.length > 0 && (args[0]!.startsWith("-") || args[0]!.endsWith(".conf"));
    const words = options && server !== undefined ? [server, ...args] : args;
    const user = process.uid === 0 && words[0] === "redis-server" ? process.host.users.byName("redis") : undefined;
    if (user) process.update({ uid: user.uid, gid: user.gid, groups: [user.gid] });
    return become(process, words);
  },
};

/** docker-entrypoint.sh of bash: options and names that are no commands are for bash. */
export const commandEntrypoint: Program = {
  name: "command-entrypoint",
  summary: "starts a command, or bash with a script",
  async run(process, args) {
    const [first = ""] = args;
    const known = findInPath(process.host, first, process.env.PATH, process) !== undefined;
    return become(process, first.startsWith("-") || !known ? ["bash", ...args] : args);
  },
};

async function become(process: Process, words: readonly string[]): Promise<number> {
  const [command = ""] = words;
  const path = command.includes("/") ? command : findInPath(process.host, command, process.env.PATH, process);
  if (path !== undefined) return exec(process, path, words, process.env);
  await process.error(`${process.argv[0]!}: exec: ${command}: not found\n`);
  return 127;
}
