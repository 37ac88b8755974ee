import type { Job } from "./job.ts";

/** The numbers of jobs, and which are `%+` and `%-`. As set_current_job and reset_current of jobs.c. */
export class Ranking {
  /** By number. */
  #jobs: Job[] = [];
  #current: Job | undefined;
  #previous: Job | undefined;

  get jobs(): readonly Job[] {
    return this.#jobs;
  }

  get current(): Job | undefined {
    return this.#current;
  }

  get previous(): Job | undefined {
    return this.#previous === this.#current ? undefined : this.#previous;
  }

  /** Numbers a job: with a prompt one more than the highest, in scripts the lowest that is free. */
  add(job: Job, interactive: boolean): void {
    if (this.#jobs.includes(job)) return;
    let number = interactive ? (this.#jobs.at(-1)?.number ?? 0) + 1 : 1;
    while (this.#jobs.some((other) => other.number === number)) number++;
    job.number = number;
    this.#jobs = [...this.#jobs, job].sort((a, b) => a.number - b.number);
  }

  remove(job: Job): void {
    if (!this.#jobs.includes(job)) return;
    this.#jobs = this.#jobs.filter((other) => other !== job);
    if (this.#current === job || this.#previous === job) this.update();
  }

  clear(): void {
    this.#jobs = [];
    this.#current = undefined;
    this.#previous = undefined;
  }

  /** A job has stopped: it becomes the current one. */
  raise(job: Job): void {
    if (this.#current !== job) {
      this.#previous = this.#current;
      this.#current = job;
    }
    const { jobs } = this;
    if (this.#previous && this.#previous !== job && this.#previous.state === "stopped" && jobs.includes(this.#previous))
      return;
    const older = jobs.slice(0, jobs.indexOf(job));
    const stopped = job.state === "stopped" ? older.findLast((other) => other.state === "stopped") : undefined;
    const running = (job.state === "running" ? older : jobs).findLast(
      (other) => other !== job && other.state === "running",
    );
    this.#previous = stopped ?? running ?? job;
  }

  /** Jobs have started or ended: stopped ones come first, then the newest that runs. */
  update(): void {
    const isStopped = (job: Job | undefined): job is Job =>
      job !== undefined && job.state === "stopped" && this.#jobs.includes(job);
    const candidate =
      [this.#current, this.#previous].find(isStopped) ??
      this.#jobs.findLast(isStopped) ??
      this.#jobs.findLast((job) => job.state === "running");
    if (candidate) this.raise(candidate);
    else if (!this.#jobs.includes(this.#current!)) {
      this.#current = this.#jobs.at(-1);
      this.#previous = this.#jobs.at(-2) ?? this.#current;
    }
  }
}
