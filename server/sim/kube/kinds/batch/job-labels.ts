/** The labels by which a Job finds its Pods, and those of old that mean the same. */
export const CONTROLLER_UID = "batch.kubernetes.io/controller-uid";
export const JOB_NAME = "batch.kubernetes.io/job-name";
export const LEGACY_CONTROLLER_UID = "controller-uid";
export const LEGACY_JOB_NAME = "job-name";
/** Holds a Job's Pod until the Job has counted it. */
export const JOB_TRACKING = "batch.kubernetes.io/job-tracking";
