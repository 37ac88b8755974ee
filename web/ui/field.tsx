import type { ReactNode } from "react";
import { FieldError, Input, Label, Text, TextField, type TextFieldProps } from "react-aria-components";
import "./field.css";

export interface FieldProps extends Omit<TextFieldProps, "children" | "className"> {
  readonly label: string;
  /** What is to be known before it is filled in. */
  readonly help?: string | undefined;
  readonly min?: string | undefined;
  readonly max?: string | undefined;
}

/** A line to fill in, under its name. */
export function Field({ label, help, min, max, ...props }: FieldProps) {
  return (
    <TextField {...props} className="field-line">
      <Label className="field-label">{label}</Label>
      <Input className="field-input" min={min} max={max} />
      {help === undefined ? null : (
        <Text slot="description" className="field-help">
          {help}
        </Text>
      )}
      <FieldError className="field-error" />
    </TextField>
  );
}

export interface ChoiceProps {
  readonly label: string;
  /** The label is for screen readers: what is chosen speaks for itself. */
  readonly quiet?: boolean;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly isDisabled?: boolean;
  /** `<option>`s, perhaps in `<optgroup>`s. */
  readonly children: ReactNode;
}

/** One of a list, as the system draws it: it works with every keyboard and every finger. */
export function Choice({ label, quiet = false, value, onChange, isDisabled = false, children }: ChoiceProps) {
  return (
    <label className="field-line">
      <span className={quiet ? "only-read" : "field-label"}>{label}</span>
      <select
        className="field-input"
        value={value}
        disabled={isDisabled}
        onChange={(event) => onChange(event.target.value)}
      >
        {children}
      </select>
    </label>
  );
}
