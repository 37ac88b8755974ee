import type { Daemon, Program, ProgramRegistry } from "../sim/host/index.ts";

/** All programs by the name in their stub, loaded when first used. Adding one is one folder or file and one line here. */
const PROGRAMS: Readonly<Record<string, () => Promise<Program>>> = {
  cat: async () => (await import("./cat.ts")).cat,
  pkill: async () => (await import("./pgrep/pgrep.ts")).pkill,
  pgrep: async () => (await import("./pgrep/pgrep.ts")).pgrep,
  last: async () => (await import("./who.ts")).last,
  w: async () => (await import("./who.ts")).w,
  users: async () => (await import("./who.ts")).users,
  free: async () => (await import("./free.ts")).free,
  who: async () => (await import("./who.ts")).who,
  uptime: async () => (await import("./uptime.ts")).uptime,
  killall: async () => (await import("./killall.ts")).killall,
  pidof: async () => (await import("./pidof.ts")).pidof,
  kill: async () => (await import("./kill.ts")).kill,
  ps: async () => (await import("./ps/ps.ts")).ps,
  hostname: async () => (await import("./hostname.ts")).hostname,
  tty: async () => (await import("./tty.ts")).tty,
  nproc: async () => (await import("./nproc.ts")).nproc,
  arch: async () => (await import("./arch.ts")).arch,
  uname: async () => (await import("./uname.ts")).uname,
  whoami: async () => (await import("./whoami.ts")).whoami,
  groups: async () => (await import("./groups.ts")).groups,
  id: async () => (await import("./id.ts")).id,
  pwd: async () => (await import("./pwd.ts")).pwd,
  xargs: async () => (await import("./xargs/xargs.ts")).xargs,
  nice: async () => (await import("./nice.ts")).nice,
  nohup: async () => (await import("./nohup.ts")).nohup,
  timeout: async () => (await import("./timeout.ts")).timeout,
  sleep: async () => (await import("./sleep.ts")).sleep,
  printenv: async () => (await import("./printenv.ts")).printenv,
  env: async () => (await import("./env.ts")).env,
  sed: async () => (await import("./sed/sed.ts")).sed,
  grep: async () => (await import("./grep/grep.ts")).grep,
  egrep: async () => (await import("./grep/grep.ts")).egrep,
  fgrep: async () => (await import("./grep/grep.ts")).fgrep,
  stat: async () => (await import("./stat/stat.ts")).stat,
  whereis: async () => (await import("./whereis.ts")).whereis,
  which: async () => (await import("./which.ts")).which,
  df: async () => (await import("./df.ts")).df,
  du: async () => (await import("./du.ts")).du,
  sync: async () => (await import("./sync.ts")).sync,
  install: async () => (await import("./install.ts")).install,
  truncate: async () => (await import("./truncate.ts")).truncate,
  mktemp: async () => (await import("./mktemp.ts")).mktemp,
  chgrp: async () => (await import("./chown.ts")).chgrp,
  chown: async () => (await import("./chown.ts")).chown,
  chmod: async () => (await import("./chmod.ts")).chmod,
  touch: async () => (await import("./touch.ts")).touch,
  realpath: async () => (await import("./realpath.ts")).realpath,
  readlink: async () => (await import("./readlink.ts")).readlink,
  ln: async () => (await import("./ln.ts")).ln,
  rmdir: async () => (await import("./rmdir.ts")).rmdir,
  mkdir: async () => (await import("./mkdir.ts")).mkdir,
  rm: async () => (await import("./rm.ts")).rm,
  mv: async () => (await import("./mv.ts")).mv,
  cp: async () => (await import("./cp.ts")).cp,
  ls: async () => (await import("./ls/ls.ts")).ls,
  date: async () => (await import("./date.ts")).date,
  cal: async () => (await import("./cal.ts")).cal,
  od: async () => (await import("./od/od.ts")).od,
  true: async () => (await import("./true.ts")).yes,
  false: async () => (await import("./true.ts")).no,
  strings: async () => (await import("./strings.ts")).strings,
  cmp: async () => (await import("./cmp.ts")).cmp,
  dirname: async () => (await import("./dirname.ts")).dirname,
  basename: async () => (await import("./basename.ts")).basename,
  test: async () => (await import("./test/test.ts")).test,
  "[": async () => (await import("./test/test.ts")).bracket,
  expr: async () => (await import("./expr.ts")).expr,
  printf: async () => (await import("./printf.ts")).printf,
  echo: async () => (await import("./echo.ts")).echo,
  sha512sum: async () => (await import("./checksums.ts")).sha512sum,
  sha384sum: async () => (await import("./checksums.ts")).sha384sum,
  sha256sum: async () => (await import("./checksums.ts")).sha256sum,
  sha224sum: async () => (await import("./checksums.ts")).sha224sum,
  sha1sum: async () => (await import("./checksums.ts")).sha1sum,
  md5sum: async () => (await import("./checksums.ts")).md5sum,
  base64: async () => (await import("./base64.ts")).base64,
  shuf: async () => (await import("./shuf.ts")).shuf,
  join: async () => (await import("./join.ts")).join,
  unexpand: async () => (await import("./expand.ts")).unexpand,
  comm: async () => (await import("./comm.ts")).comm,
  expand: async () => (await import("./expand.ts")).expand,
  fold: async () => (await import("./fold.ts")).fold,
  nl: async () => (await import("./nl.ts")).nl,
  tac: async () => (await import("./tac.ts")).tac,
  rev: async () => (await import("./rev.ts")).rev,
  paste: async () => (await import("./paste.ts")).paste,
  seq: async () => (await import("./seq.ts")).seq,
  sort: async () => (await import("./sort/sort.ts")).sort,
  uniq: async () => (await import("./uniq.ts")).uniq,
  tr: async () => (await import("./tr/tr.ts")).tr,
  cut: async () => (await import("./cut.ts")).cut,
  yes: async () => (await import("./yes.ts")).yes,
  tee: async () => (await import("./tee.ts")).tee,
  wc: async () => (await import("./wc.ts")).wc,
  tail: async () => (await import("./tail/tail.ts")).tail,
  head: async () => (await import("./head.ts")).head,
};

export function programNames(): string[] {
  return Object.keys(PROGRAMS);
}

/** The registry of a world: these programs, and the daemons that the simulated parts bring along. */
export function createRegistry(daemons: readonly Daemon[]): ProgramRegistry {
  const loaded = new Map<string, Program | Daemon | Promise<Program>>(daemons.map((daemon) => [daemon.name, daemon]));
  return {
    find(name) {
      const found = loaded.get(name);
      if (found || !Object.hasOwn(PROGRAMS, name)) return found;
      const loading = PROGRAMS[name]!().then((program) => {
        loaded.set(name, program);
        return program;
      });
      loaded.set(name, loading);
      return loading;
    },
  };
}
