import { typeError } from "../errors.ts";
import { numberOf, type Value } from "../value.ts";
import { native, type Builtin, type Builtins } from "./builtin.ts";

function required(value: Value): number {
  const number = numberOf(value);
  if (number === undefined) throw typeError(value, "number required");
  return number;
}

/** A function of the input. */
function of(apply: (x: number) => Value): Builtin {
  return native((input) => apply(required(input)));
}

/** A function of its arguments. */
function ofArguments(apply: (...numbers: number[]) => number): Builtin {
  return native((_, ...values) => apply(...values.map(required)));
}

/** Mantissa and exponent with 0.5 <= |mantissa| < 1. */
function frexp(x: number): [number, number] {
  if (x === 0 || !Number.isFinite(x)) return [x, 0];
  let exponent = Math.max(-1022, Math.floor(Math.log2(Math.abs(x))) + 1);
  let mantissa = x * 2 ** -exponent;
  while (Math.abs(mantissa) < 0.5) [mantissa, exponent] = [mantissa * 2, exponent - 1];
  while (Math.abs(mantissa) >= 1) [mantissa, exponent] = [mantissa / 2, exponent + 1];
  return [mantissa, exponent];
}

/** To the nearest, halves to the even one. */
function rint(x: number): number {
  const down = Math.floor(x);
  const rest = x - down;
  return rest < 0.5 || (rest === 0.5 && down % 2 === 0) ? down : down + 1;
}

/** The logarithm of the gamma function, by Lanczos' series. */
function lgamma(x: number): number {
  if (x <= 0 && Number.isInteger(x)) return Infinity;
  if (x < 0.5) return Math.log(Math.abs(Math.PI / Math.sin(Math.PI * x))) - lgamma(1 - x);
  const terms = [
    0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
    12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
  ];
  const t = x + 6.5;
  const sum = terms.slice(1).reduce((total, term, at) => total + term / (x + at), terms[0]!);
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(sum);
}

function tgamma(x: number): number {
  if (Number.isInteger(x) && x > 0 && x < 171)
    return Array.from({ length: x - 1 }, (_, at) => at + 1).reduce((a, b) => a * b, 1);
  return Math.exp(lgamma(x)) * (x < 0 && Math.floor(x) % 2 !== 0 ? -1 : 1);
}

const isNormal = (x: number) => Number.isFinite(x) && Math.abs(x) >= 2.2250738585072014e-308;

/** Numbers: what jq takes from the C library. */
export const MATH: Builtins = {
  "floor/0": of(Math.floor),
  "ceil/0": of(Math.ceil),
  "round/0": of((x) => Math.sign(x) * Math.floor(Math.abs(x) + 0.5)),
  "trunc/0": of(Math.trunc),
  "rint/0": of(rint),
  "nearbyint/0": of(rint),
  "fabs/0": of(Math.abs),
  "abs/0": native((input) => {
    const number = numberOf(input);
    if (number === undefined) throw typeError(input, "has no absolute value");
    return number < 0 ? -number : input;
  }),
  "sqrt/0": of(Math.sqrt),
  "cbrt/0": of(Math.cbrt),
  "exp/0": of(Math.exp),
  "exp2/0": of((x) => 2 ** x),
  "exp10/0": of((x) => 10 ** x),
  "pow10/0": of((x) => 10 ** x),
  "expm1/0": of(Math.expm1),
  "log/0": of(Math.log),
  "log2/0": of(Math.log2),
  "log10/0": of(Math.log10),
  "log1p/0": of(Math.log1p),
  "logb/0": of((x) => frexp(x)[1] - 1),
  "significand/0": of((x) => frexp(x)[0] * 2),
  "frexp/0": of((x) => frexp(x)),
  "modf/0": of((x) => [x - Math.trunc(x), Math.trunc(x)]),
  "gamma/0": of(lgamma),
  "lgamma/0": of(lgamma),
  "lgamma_r/0": of((x) => [lgamma(x), 1]),
  "tgamma/0": of(tgamma),
  "sin/0": of(Math.sin),
  "cos/0": of(Math.cos),
  "tan/0": of(Math.tan),
  "asin/0": of(Math.asin),
  "acos/0": of(Math.acos),
  "atan/0": of(Math.atan),
  "sinh/0": of(Math.sinh),
  "cosh/0": of(Math.cosh),
  "tanh/0": of(Math.tanh),
  "asinh/0": of(Math.asinh),
  "acosh/0": of(Math.acosh),
  "atanh/0": of(Math.atanh),
  "pow/2": ofArguments((a, b) => a ** b),
  "atan2/2": ofArguments((a, b) => Math.atan2(a, b)),
  "fmin/2": ofArguments((a, b) => Math.min(a, b)),
  "fmax/2": ofArguments((a, b) => Math.max(a, b)),
  "fmod/2": ofArguments((a, b) => a % b),
  "drem/2": ofArguments((a, b) => a - b * rint(a / b)),
  "remainder/2": ofArguments((a, b) => a - b * rint(a / b)),
  "hypot/2": ofArguments((a, b) => Math.hypot(a, b)),
  "copysign/2": ofArguments((a, b) => (b < 0 || Object.is(b, -0) ? -Math.abs(a) : Math.abs(a))),
  "fdim/2": ofArguments((a, b) => Math.max(0, a - b)),
  "ldexp/2": ofArguments((a, b) => a * 2 ** b),
  "scalb/2": ofArguments((a, b) => a * 2 ** b),
  "scalbln/2": ofArguments((a, b) => a * 2 ** b),
  "fma/3": ofArguments((a, b, c) => a * b + c),
  "infinite/0": native(() => Infinity),
  "nan/0": native(() => NaN),
  "isinfinite/0": of((x) => Math.abs(x) === Infinity),
  "isnan/0": of(Number.isNaN),
  "isnormal/0": of(isNormal),
  "isfinite/0": native((input) => numberOf(input) !== undefined && Number.isFinite(numberOf(input))),
  "have_literal_numbers/0": native(() => true),
  "have_decnum/0": native(() => true),
};
