import { parseRfc3339 } from "../../../kernel/index.ts";
import { invalid, required, type FieldErrors, type Job } from "../../api/index.ts";
import { notNegative } from "../pod-template/probes.ts";

/** What a Job's status may not say (pkg/apis/batch/validation ValidateJobStatusUpdate). */
export function validateJobStatus(job: Job, old: Job): FieldErrors {
  const { status, spec } = job;
  const is = (type: string, of: Job = job): boolean =>
    of.status.conditions?.some((condition) => condition.type === type && condition.status === "True") ?? false;
  const found = (["active", "succeeded", "failed", "ready", "terminating"] as const).flatMap((count) =>
    notNegative(status[count], `status.${count}`),
  );
  const refuse = (field: string, value: string | number | undefined, why: string): void =>
    void found.push(invalid(`status.${field}`, value, why));
  const conditions = (why: string): void => void found.push(bare("status.conditions", why));
  const complete = is("Complete");
  const failed = is("Failed");
  const finished = complete || failed;
  if (complete && failed) conditions("cannot set Complete=True and Failed=true conditions");
  if (complete && is("FailureTarget")) conditions("cannot set Complete=True and FailureTarget=true conditions");
  if (status.completionTime && !complete)
    refuse(
      "completionTime",
      status.completionTime,
      "cannot set completionTime when there is no Complete=True condition",
    );
  if (!status.completionTime && complete)
    found.push(required("status.completionTime", "completionTime is required for Complete jobs"));
  if (
    status.startTime &&
    status.completionTime &&
    parseRfc3339(status.completionTime)! < parseRfc3339(status.startTime)!
  )
    refuse("completionTime", status.completionTime, "completionTime cannot be set before startTime");
  if (failed && !is("FailureTarget"))
    conditions("cannot set Failed=True condition without the FailureTarget=true condition");
  if (complete && !is("SuccessCriteriaMet"))
    conditions("cannot set Complete=True condition without the SuccessCriteriaMet=true condition");
  if (finished && (status.active ?? 0) > 0) refuse("active", status.active, "active>0 is invalid for finished job");
  if (finished && !status.startTime) found.push(required("status.startTime", "startTime is required for finished job"));
  if (finished && (status.terminating ?? 0) > 0)
    refuse("terminating", status.terminating, "terminating>0 is invalid for finished job");
  if ((status.ready ?? 0) > (status.active ?? 0))
    refuse("ready", status.ready, "cannot set more ready pods than active");
  if (status.completedIndexes && spec.completionMode !== "Indexed")
    refuse(
      "completedIndexes",
      status.completedIndexes,
      "cannot set non-empty completedIndexes when non-indexed completion mode",
    );
  for (const type of ["Failed", "Complete", "FailureTarget"])
    if (is(type, old) && !is(type)) conditions(`cannot disable the terminal ${type}=True condition`);
  if ((status.failed ?? 0) < (old.status.failed ?? 0))
    refuse("failed", status.failed ?? 0, "cannot decrease the failed counter");
  if ((status.succeeded ?? 0) < (old.status.succeeded ?? 0) && spec.completionMode !== "Indexed")
    refuse("succeeded", status.succeeded ?? 0, "cannot decrease the succeeded counter");
  return found;
}

/** field.Invalid of an OmitValueType: without the value. */
export function bare(field: string, why: string): FieldErrors[number] {
  return { reason: "FieldValueInvalid", field, body: `Invalid value: ${why}` };
}
