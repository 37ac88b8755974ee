/** How a part's terminals are laid out: tabs, each a tree of splits with terminals as leaves. Plain data, kept by the browser. */
export interface Layout {
  readonly tabs: readonly Tab[];
  /** Id of the tab in front. */
  readonly front: number;
}

export interface Tab {
  readonly id: number;
  readonly tree: Tree;
  /** The terminal of this tab in which somebody worked last. */
  readonly focus: number;
}

export type Tree = number | Split;

export interface Split {
  /** `right`: side by side; `down`: one above the other. */
  readonly to: "right" | "down";
  readonly first: Tree;
  readonly second: Tree;
  /** The first one's share in percent. */
  readonly share: number;
}

export const EMPTY: Layout = { tabs: [], front: 0 };

export function terminalsIn(tree: Tree): number[] {
  return typeof tree === "number" ? [tree] : [...terminalsIn(tree.first), ...terminalsIn(tree.second)];
}

export function frontTab(layout: Layout): Tab | undefined {
  return layout.tabs.find(({ id }) => id === layout.front);
}

/** The layout with exactly these terminals: others are gone from it, new ones come in tabs of their own behind the rest. */
export function reconcile(layout: Layout, terminals: readonly number[]): Layout {
  const gone = layout.tabs.flatMap(({ tree }) => terminalsIn(tree)).filter((known) => !terminals.includes(known));
  let next = layout;
  for (const terminal of gone) next = without(next, terminal);
  const known = new Set(next.tabs.flatMap(({ tree }) => terminalsIn(tree)));
  for (const terminal of terminals) if (!known.has(terminal)) next = addTab(next, terminal);
  const front = frontTab(next) ? next.front : (next.tabs[0]?.id ?? 0);
  return front === next.front ? next : { ...next, front };
}

/** A new tab behind the others; the tab in front stays. */
export function addTab(layout: Layout, terminal: number): Layout {
  const id = Math.max(0, ...layout.tabs.map((tab) => tab.id)) + 1;
  return { ...layout, tabs: [...layout.tabs, { id, tree: terminal, focus: terminal }] };
}

/** Puts `added` beside or beneath a terminal, taking half of its place. It must be nowhere else. */
export function split(layout: Layout, terminal: number, to: Split["to"], added: number): Layout {
  const into = (tree: Tree): Tree => {
    if (tree === terminal) return { to, first: tree, second: added, share: 50 };
    return typeof tree === "number" ? tree : { ...tree, first: into(tree.first), second: into(tree.second) };
  };
  return mapTab(layout, terminal, (tab) => ({ ...tab, tree: into(tab.tree), focus: added }));
}

/** The layout without a terminal; a tab without one is gone, and the next one comes to the front. */
export function without(layout: Layout, terminal: number): Layout {
  const cut = (tree: Tree): Tree | undefined => {
    if (typeof tree === "number") return tree === terminal ? undefined : tree;
    const [first, second] = [cut(tree.first), cut(tree.second)];
    return first === undefined || second === undefined ? (first ?? second) : { ...tree, first, second };
  };
  const tabs: Tab[] = [];
  let front = layout.front;
  for (const [index, tab] of layout.tabs.entries()) {
    const tree = cut(tab.tree);
    if (tree !== undefined) {
      tabs.push({ ...tab, tree, focus: tab.focus === terminal ? terminalsIn(tree)[0]! : tab.focus });
    } else if (tab.id === front) front = (layout.tabs[index + 1] ?? layout.tabs[index - 1])?.id ?? 0;
  }
  return { tabs, front };
}

/** Brings a terminal's tab to the front and makes it the one that is worked in. */
export function focus(layout: Layout, terminal: number): Layout {
  const tab = layout.tabs.find(({ tree }) => terminalsIn(tree).includes(terminal));
  if (!tab || (tab.id === layout.front && tab.focus === terminal)) return layout;
  return { ...mapTab(layout, terminal, (tab) => ({ ...tab, focus: terminal })), front: tab.id };
}

/** Moves the bar of a split of this layout. */
export function share(layout: Layout, at: Split, percent: number): Layout {
  const into = (tree: Tree): Tree => {
    if (typeof tree === "number") return tree;
    if (tree === at) return { ...tree, share: Math.round(percent * 10) / 10 };
    return { ...tree, first: into(tree.first), second: into(tree.second) };
  };
  return { ...layout, tabs: layout.tabs.map((tab) => ({ ...tab, tree: into(tab.tree) })) };
}

/** A layout that was kept as JSON, or an empty one if it is none. */
export function readLayout(json: unknown): Layout {
  const kept = json as Layout | null;
  const isTree = (tree: unknown): boolean => {
    if (typeof tree === "number") return Number.isInteger(tree);
    const { to, first, second, share } = (tree ?? {}) as Partial<Split>;
    return (to === "right" || to === "down") && typeof share === "number" && isTree(first) && isTree(second);
  };
  const sound =
    Array.isArray(kept?.tabs) &&
    typeof kept.front === "number" &&
    kept.tabs.every(
      (tab: Partial<Tab>) => Number.isInteger(tab?.id) && Number.isInteger(tab?.focus) && isTree(tab?.tree),
    );
  return sound ? kept : EMPTY;
}

function mapTab(layout: Layout, terminal: number, change: (tab: Tab) => Tab): Layout {
  return {
    ...layout,
    tabs: layout.tabs.map((tab) => (terminalsIn(tab.tree).includes(terminal) ? change(tab) : tab)),
  };
}
