/** Drydock's mark: a hull in its dock. The same drawing as public/mark.svg. */
export function Mark({ size = 20 }: { readonly size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.7"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d="M1.5 4v13.5h17V4" />
      <path
        d="M5 7.5h10l-1.6 4.6a1.6 1.6 0 0 1-1.5 1.1H8.1a1.6 1.6 0 0 1-1.5-1.1z"
        fill="currentColor"
        fillOpacity="0.28"
      />
      <path d="M8 13.5v4M12 13.5v4" />
    </svg>
  );
}
