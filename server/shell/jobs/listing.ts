import { describeMember, type Job, type Member } from "./job.ts";

/** How jobs are shown; as pretty_print_job and print_pipeline of jobs.c. */

export interface ListingContext {
  readonly mark: "+" | "-" | " ";
  /** The shell's directory, and its home for `~`. */
  readonly directory: string;
  readonly home: string | undefined;
}

const STATUS_WIDTH = 24;

/** `[1]+  Running                 sleep 100 &` */
export function listJob(job: Job, context: ListingContext): string {
  const status = describeJob(job).padEnd(STATUS_WIDTH);
  return `[${job.number}]${context.mark}  ${status}${job.text}${ending(job, context)}\n`;
}

/** The same with process ids, a line for each process; a status like the first one's is not repeated. */
export function listJobLong(job: Job, context: ListingContext): string {
  const head = `[${job.number}]${context.mark} `;
  const describe = (member: Member): string => (job.state === "running" ? "Running" : describeMember(member));
  const [first, ...others] = job.members;
  const lines = [`${head}${pidText(first!)} ${describe(first!).padEnd(STATUS_WIDTH)}${first!.text}`];
  for (const member of others) {
    const differs = fate(member) !== fate(first!);
    const status = differs ? describe(member).padEnd(STATUS_WIDTH) : " ".repeat(STATUS_WIDTH - 2);
    lines.push(`${" ".repeat(head.length)}${pidText(member)} ${status}| ${member.text}`);
  }
  return `${lines.join("\n")}${ending(job, context)}\n`;
}

/** What a script says of a job that died of a signal: `4711 Killed                  sleep 5`, a line for each process. */
export function listFate(job: Job): string {
  const lines = job.members.map(
    (member, at) =>
      `${at > 0 ? "     " : ""}${pidText(member)} ${describeMember(member).padEnd(STATUS_WIDTH)}${at > 0 ? "| " : ""}${member.text}`,
  );
  return lines.join("\n");
}

function pidText({ shown }: Member): string {
  return String(shown).padStart(5);
}

function fate({ status, stopped }: Member): string {
  return JSON.stringify(status ?? stopped ?? null);
}

function describeJob(job: Job): string {
  if (job.state === "running") return "Running";
  return job.state === "stopped" ? "Stopped" : describeMember(job.last);
}

function ending(job: Job, { directory, home }: ListingContext): string {
  const background = job.background && job.state === "running" ? " &" : "";
  return job.directory === directory ? background : `${background}  (wd: ${polite(job.directory, home)})`;
}

/** A directory with `~` for the home directory. */
export function polite(directory: string, home: string | undefined): string {
  if (!home || home === "/" || !(directory === home || directory.startsWith(`${home}/`))) return directory;
  return `~${directory.slice(home.length)}`;
}
