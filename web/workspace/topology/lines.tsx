import { useLayoutEffect, useState } from "react";
import type { Edge, Key } from "./picture.ts";

/** More lines than this are drawn thinner. */
const MANY = 12;

interface Line {
  readonly edge: Edge;
  readonly path: string;
}

export interface LinesProps {
  /** What the things stand in. */
  readonly place: HTMLElement | null;
  readonly edges: readonly Edge[];
  /** Changes whenever things may have moved. */
  readonly version: unknown;
}

/** Lines between things, behind them. What they say is said in the details too. */
export function Lines({ place, edges, version }: LinesProps) {
  const [{ lines, width, height }, setDrawing] = useState({ lines: [] as readonly Line[], width: 0, height: 0 });
  useLayoutEffect(() => {
    if (!place) return;
    const draw = (): void =>
      setDrawing({ lines: linesIn(place, edges), width: place.scrollWidth, height: place.scrollHeight });
    draw();
    const watch = new ResizeObserver(draw);
    watch.observe(place);
    return () => watch.disconnect();
  }, [place, edges, version]);
  return (
    <svg
      className="picture-lines"
      data-many={lines.length > MANY || undefined}
      width={width}
      height={height}
      aria-hidden="true"
    >
      {lines.map(({ edge, path }) => (
        <path key={`${edge.from} ${edge.to} ${edge.look}`} d={path} data-look={edge.look} />
      ))}
    </svg>
  );
}

function linesIn(place: HTMLElement, edges: readonly Edge[]): Line[] {
  const origin = place.getBoundingClientRect();
  const boxes = new Map<Key, DOMRect>();
  for (const element of place.querySelectorAll<HTMLElement>("[data-thing]"))
    boxes.set(element.dataset["thing"]!, element.getBoundingClientRect());
  return edges.flatMap((edge) => {
    const from = boxes.get(edge.from);
    const to = boxes.get(edge.to);
    return from && to ? [{ edge, path: pathBetween(from, to, origin) }] : [];
  });
}

/** From the side of one box that faces the other, in a curve; boxes above each other are joined at their left. */
function pathBetween(from: DOMRect, to: DOMRect, { left, top }: DOMRect): string {
  const y1 = from.top + from.height / 2 - top;
  const y2 = to.top + to.height / 2 - top;
  const apart = to.left >= from.right ? 1 : from.left >= to.right ? -1 : 0;
  if (apart === 0) {
    const x1 = from.left - left;
    const x2 = to.left - left;
    const bend = Math.min(x1, x2) - 14;
    return `M${x1} ${y1}C${bend} ${y1} ${bend} ${y2} ${x2} ${y2}`;
  }
  const x1 = (apart > 0 ? from.right : from.left) - left;
  const x2 = (apart > 0 ? to.left : to.right) - left;
  const bend = ((x2 - x1) / 2) * 0.9;
  return `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
}
