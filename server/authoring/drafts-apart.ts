import type { Sessions } from "../sessions/pool/index.ts";

/** Names of attempts at drafts, and so of their sessions, begin like this; those of others are shorter. */
const DRAFT = /^draft-[\w-]{16}\//;

/**
 * Sessions of drafts live in workers of their own, which are there only while one is open: whatever a draft does to its
 * worker, nobody else's session is in it.
 */
export function draftsApart(usual: Sessions, start: () => Sessions): Sessions {
  let drafts: Sessions | undefined;
  const open = new Set<string>();
  const of = (session: string): Sessions => {
    if (!DRAFT.test(session)) return usual;
    open.add(session);
    return (drafts ??= start());
  };
  return {
    catalogue: () => usual.catalogue(),
    // Attempts at drafts have one part, which is opened at once.
    text: (lab, seed) => usual.text(lab, seed),
    build: (sessions) => usual.build(sessions),
    prepare: (labs) => usual.prepare(labs),
    open: (session, lab, seed) => of(session).open(session, lab, seed),
    view: (session, viewer) => of(session).view(session, viewer),
    terminal: (session, cols, rows) => of(session).terminal(session, cols, rows),
    input: (session, terminal, bytes) => of(session).input(session, terminal, bytes),
    resize: (session, terminal, cols, rows) => of(session).resize(session, terminal, cols, rows),
    hangUp: (session, terminal) => of(session).hangUp(session, terminal),
    grade: (session, answers, hints) => of(session).grade(session, answers, hints),
    finish: (session, answers, hints) => of(session).finish(session, answers, hints),
    keep: (session) => of(session).keep(session),
    async keepAgain(over) {
      if (!over.lab.startsWith("draft:")) return usual.keepAgain(over);
      const apart = start();
      try {
        return await apart.keepAgain(over);
      } finally {
        await apart.stop();
      }
    },
    async regrade(lab, ...rest) {
      if (!lab.startsWith("draft:")) return usual.regrade(lab, ...rest);
      const apart = start();
      try {
        return await apart.regrade(lab, ...rest);
      } finally {
        await apart.stop();
      }
    },
    api: (session) => of(session).api(session),
    reset: (session, change) => of(session).reset(session, change),
    async unload(sessions) {
      const [usuals, theirs] = [
        sessions.filter((each) => !DRAFT.test(each)),
        sessions.filter((each) => DRAFT.test(each)),
      ];
      return (await usual.unload(usuals)) && ((await drafts?.unload(theirs)) ?? true);
    },
    close(session) {
      if (!DRAFT.test(session)) return usual.close(session);
      drafts?.close(session);
      open.delete(session);
      if (open.size > 0) return;
      void drafts?.stop();
      drafts = undefined;
    },
    health: () => usual.health(),
    async stop() {
      await Promise.all([usual.stop(), drafts?.stop()]);
    },
  };
}
