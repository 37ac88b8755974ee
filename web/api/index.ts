export { api, kubeconfigUrl, reportUrl } from "./api.ts";
export { liveUrl, people, peopleKeys, resultsCsv, resultsJson } from "./people.ts";
export { useDo, useMe, useSignedOut, useUser } from "./use-people.ts";
export { request } from "./request.ts";
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
  useEarlier,
  useGradings,
  useKubernetes,
  useManagement,
  useReport,
  useStart,
  useSubmit,
} from "./queries.ts";
