import { capable, Errno, type Process, type ProcessRow, type Signal } from "../../sim/host/index.ts";

/** kill(2): to a process, to a group (negative), or to all (-1). 0 only asks. Undefined if it went out. */
export function sendSignal(process: Process, target: number, signal: Signal | 0): Errno | undefined {
  const { host, machine } = process;
  const all = host.processes();
  let targets: ProcessRow[];
  if (target > 0) targets = all.filter((row) => host.pidOf(row) === target);
  else if (target === -1) targets = all.filter((row) => row.pid !== process.pid && host.pidOf(row) !== 1);
  else {
    const pgid = target === 0 ? process.row.pgid : machineId(process, -target);
    targets = all.filter((row) => row.pgid === pgid);
  }
  if (targets.length === 0) return new Errno("ESRCH");
  const allowed = targets.filter((row) => capable(process, "KILL") || row.uid === process.uid);
  if (allowed.length === 0) return new Errno("EPERM");
  if (signal !== 0) for (const { pid } of allowed) machine.signal(pid, signal);
  return undefined;
}

function machineId({ host }: Process, id: number): number {
  return host.seesMachine ? id : (host.processByPid(id)?.pid ?? -1);
}
