export { api, kubeconfigUrl } from "./api.ts";
export { liveUrl, people, peopleKeys, resultsCsv, resultsJson } from "./people.ts";
export { useDo, useMe, useUser } from "./use-people.ts";
export { ApiError, wordsOf } from "./api-error.ts";
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
