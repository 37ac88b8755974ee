import type { DaemonProcess, Hosts } from "../../host/index.ts";
import { MILLISECOND } from "../../kernel/index.ts";
import { namespaceOf, updateSocket } from "../../net/index.ts";
import type { ConfSource } from "./conf-source.ts";
import type { NginxOptions } from "./command-line.ts";
import type { NginxConfig } from "./config.ts";
import { closeListeners, openListeners, type Sockets } from "./listeners.ts";
import { load, loadFor, prepare, sayer, workerUser, type Loaded } from "./load.ts";
import { dismissWorkers, masterLog, startWorkers } from "./master.ts";
import { builtBy } from "./built-by.ts";
import { writePid } from "./pid-file.ts";
import { configOf, masterData, type MasterData } from "./running.ts";

/** From the command line to a master with workers (main() in src/core/nginx.c). */
export function begin(self: DaemonProcess, options: NginxOptions): void {
  const loaded = loadFor(self, options);
  if (!loaded) return;
  const problem = prepare(self, loaded.config);
  if (problem === undefined) return bind(self, options, loaded, 1);
  sayer(self, options)("emerg", problem);
  self.exit(1);
}

const BIND = "nginx/bind";
const BIND_TRIES = 5;

/** What waits for a port to become free. */
interface Waiting {
  readonly options: NginxOptions;
  readonly waiting: ConfSource;
  readonly tries: number;
}

/** A port that is taken is tried five times, half a second apart. */
function bind(self: DaemonProcess, options: NginxOptions, loaded: Loaded, tries: number): void {
  const say = sayer(self, options);
  const { sockets, problems } = openListeners(self, loaded.config, {});
  if (problems.length === 0) return launch(self, options, loaded, sockets);
  for (const { text } of problems) say("emerg", text);
  closeListeners(self, Object.values(sockets));
  if (problems.some(({ taken }) => !taken)) return self.exit(1);
  if (tries === BIND_TRIES) {
    say("emerg", "still could not bind()");
    return self.exit(1);
  }
  self.data = { options, waiting: loaded.source, tries: tries + 1 } satisfies Waiting;
  self.kernel.after(500 * MILLISECOND, BIND, { machine: self.host.machine.name, pid: self.pid });
}

/** Binds what nginx plans for later to a world. */
export function bindNginx(hosts: Hosts): void {
  hosts.kernel.handle(BIND, ({ machine, pid }: { machine: string; pid: number }) => {
    const self = hosts.machine(machine).daemon(pid)?.self;
    const data = self?.row.data as Waiting | undefined;
    if (!self?.alive || !data?.waiting) return;
    bind(self, data.options, { config: configOf(data.waiting), source: data.waiting }, data.tries);
  });
}

/** The sockets are open: with `daemon on` a process of its own takes over, and the first one ends. */
function launch(self: DaemonProcess, options: NginxOptions, loaded: Loaded, sockets: Sockets): void {
  const { config, source } = loaded;
  const detached = config.main.flag("daemon", true);
  const master = detached ? daemonize(self, sockets) : self;
  const user = workerUser(self, config);
  const machine = master.host.machine;
  const data: MasterData = { source, workers: [], sockets, user };
  machine.updateProcess(master.pid, { argv: [`nginx: master process ${self.argv.join(" ")}`], data });
  const failed = writePid(master, config);
  if (failed !== undefined) {
    sayer(self, options)("emerg", failed);
    if (detached) master.exit(1);
    return self.exit(1);
  }
  greet(master, config);
  startWorkers(master);
  if (detached) self.exit(0);
}

function daemonize(self: DaemonProcess, sockets: Sockets): DaemonProcess {
  const { machine } = self.host;
  const { onExit: _, tty: __, pid: ___, nspid: ____, startedAt: _____, state: ______, ...row } = self.row;
  const pid = machine.addProcess(self.host, { ...row, ppid: 1, pgid: 0, sid: 0 });
  for (const id of Object.values(sockets)) updateSocket(namespaceOf(self), id, { pid, args: { pid } });
  return machine.daemon(pid)!.self;
}

function greet(master: DaemonProcess, config: NginxConfig): void {
  const log = (message: string): void => masterLog(master, "notice", message);
  log('using the "epoll" event method');
  log(`nginx/${config.version}`);
  const compiler = builtBy(master.host, config.version);
  if (compiler !== undefined) log(`built by ${compiler}`);
  log(`OS: Linux ${master.host.hosts.profile(master.host.machine.row.profile).kernelRelease}`);
  log("getrlimit(RLIMIT_NOFILE): 1048576:1048576");
}

/** SIGHUP: the new configuration takes over, or the old one stays (ngx_init_cycle with an old cycle). */
export function reload(master: DaemonProcess): void {
  const before = masterData(master)!;
  const say = (level: string, message: string): void => masterLog(master, level, message);
  const loaded = load(master, before.source, say);
  if (typeof loaded === "number") return;
  const problem = prepare(master, loaded.config);
  if (problem !== undefined) return say("emerg", problem);
  const { sockets, problems } = openListeners(master, loaded.config, before.sockets);
  const kept = new Set(Object.values(sockets));
  if (problems.length > 0) {
    for (const { text } of problems) say("emerg", text);
    const old = new Set(Object.values(before.sockets));
    return closeListeners(
      master,
      [...kept].filter((id) => !old.has(id)),
    );
  }
  closeListeners(
    master,
    Object.values(before.sockets).filter((id) => !kept.has(id)),
  );
  master.data = {
    source: loaded.source,
    sockets,
    workers: [],
    ...(before.shared ? { shared: before.shared } : {}),
    user: workerUser(master, loaded.config),
  } satisfies MasterData;
  say("notice", 'using the "epoll" event method');
  startWorkers(master);
  dismissWorkers(master, before.workers);
}
