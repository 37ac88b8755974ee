/** Strokes of a 16 px grid. */
const PATHS = {
  pass: "M3 8.5 6.5 12 13 4.5",
  fail: "M4 4l8 8M12 4l-8 8",
  broke: "M8 3v6M8 12.2v.3",
  warn: "M8 2.2 14.5 13.5h-13zM8 6.5v3.2M8 11.6v.2",
  info: "M8 7.2v4.3M8 4.6v.2M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0z",
  download: "M8 2.500v7.500M4.8 7.200 8 10.300l3.200-3.100M2.500 13.500h11",
  copy: "M5.5 5.5V2.5h8v8h-3M2.5 5.5h8v8h-8z",
  down: "M4 6l4 4 4-4",
  right: "M6 4l4 4-4 4",
  left: "M10 4 6 8l4 4",
  search: "M10.5 10.5 14 14M12 7A5 5 0 1 1 2 7a5 5 0 0 1 10 0z",
  close: "M4 4l8 8M12 4l-8 8",
  clock: "M8 4.5V8l2.5 1.5M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0z",
  flag: "M3.5 14V2.5h8.500l-2 3 2 3H3.5",
  plus: "M8 3v10M3 8h10",
  sun: "M8 1.5v1M8 13.5v1M1.5 8h1M13.5 8h1M3.4 3.4l.7.7M11.9 11.9l.7.7M3.4 12.6l.7-.7M11.9 4.1l.7-.7M11 8a3 3 0 1 1-6 0 3 3 0 0 1 6 0z",
  moon: "M13.5 9.800A6 6 0 1 1 6.2 2.500a4.8 4.8 0 0 0 7.3 7.300z",
  system: "M2 3h12v8H2zM6 14h4M8 11v3",
  menu: "M2.5 4h11M2.5 8h11M2.5 12h11",
  print: "M4.5 6V2.500h7V6M4.5 11.500h-2V6h11v5.500h-2M4.5 9.500h7v4h-7z",
  again: "M13.5 8a5.5 5.5 0 1 1-1.7-4M13.5 2v2.500H11",
  play: "M5 3.5l7 4.5-7 4.500z",
  person:
    "M8 8.200A2.800 2.800 0 1 0 8 2.600a2.800 2.800 0 0 0 0 5.600zM2.800 13.800c.5-2.600 2.600-3.600 5.200-3.600s4.700 1 5.200 3.600",
  pause: "M5 3.500v9M11 3.500v9",
  topology: "M6 2.500h4v3H6zM2 10.500h4v3H2zM10 10.500h4v3h-4zM8 5.500v2.500M4 10.500V8h8v2.500",
  gone: "M2 8h3M11 8h3M6.5 5.500l3 5M9.5 5.500l-3 5",
} as const;

export type IconName = keyof typeof PATHS;

/** A drawing beside words. It says nothing to screen readers: the words do. */
export function Icon({ name, size = 16 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg
      className="icon"
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
