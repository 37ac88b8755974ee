export { api, kubeconfigUrl } from "./api.ts";
export { ApiError, wordsOf } from "./api-error.ts";
export {
  castUrl,
  exportUrl,
  listUrl,
  sandboxUrl,
  useChecks,
  useRemarks,
  useReplay,
  useReview,
  useReviewChange,
  useReviews,
  useMoment,
  useTimeline,
} from "./reviews.ts";
export {
  createQueryClient,
  keys,
  useAttempt,
  useCatalogue,
  useCheck,
  useKubernetes,
  useReport,
  useStart,
  useSubmit,
} from "./queries.ts";
