/** A file of a profile or image, as data. Mode defaults to 0644 (0755 for directories and programs), owner and group to root. */
export type FileSpec = {
  readonly path: string;
  readonly mode?: number;
  readonly owner?: string;
  readonly group?: string;
} & (
  | { readonly text: string }
  | { readonly link: string }
  | { readonly dir: true }
  /** A program by its registered name, with the size that `ls -l` shows. */
  | { readonly program: string; readonly version?: string; readonly size?: number }
  | { readonly device: string }
);
