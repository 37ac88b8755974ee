import { MONTHS, pad, WEEKDAYS, type Calendar } from "../../sim/kernel/index.ts";

/** A date as strftime(3) writes it in the C locale, in UTC. */
export function strftime(format: string, date: Calendar, seconds: number): string {
  return format.replace(/%([-_0^]?)([a-zA-Z%])/g, (whole, flag: string, letter: string) => {
    const value = field(letter, date, seconds);
    if (value === undefined) return whole;
    if (flag === "-") return value.replace(/^[0 ]+(?=.)/, "");
    return flag === "^" ? value.toUpperCase() : value;
  });
}

function field(letter: string, date: Calendar, seconds: number): string | undefined {
  const { year, month, day, hour, minute, second, weekday, yearday } = date;
  const twelve = hour % 12 || 12;
  switch (letter) {
    case "a":
      return WEEKDAYS[weekday]!.slice(0, 3);
    case "A":
      return WEEKDAYS[weekday]!;
    case "b":
    case "h":
      return MONTHS[month - 1]!.slice(0, 3);
    case "B":
      return MONTHS[month - 1]!;
    case "c":
      return `${WEEKDAYS[weekday]!.slice(0, 3)} ${MONTHS[month - 1]!.slice(0, 3)} ${String(day).padStart(2)} ${pad(hour, 2)}:${pad(minute, 2)}:${pad(second, 2)} ${year}`;
    case "C":
      return pad(Math.floor(year / 100), 2);
    case "d":
      return pad(day, 2);
    case "D":
    case "x":
      return `${pad(month, 2)}/${pad(day, 2)}/${pad(year % 100, 2)}`;
    case "e":
      return String(day).padStart(2);
    case "F":
      return `${year}-${pad(month, 2)}-${pad(day, 2)}`;
    case "H":
      return pad(hour, 2);
    case "I":
      return pad(twelve, 2);
    case "j":
      return pad(yearday, 3);
    case "k":
      return String(hour).padStart(2);
    case "l":
      return String(twelve).padStart(2);
    case "m":
      return pad(month, 2);
    case "M":
      return pad(minute, 2);
    case "n":
      return "\n";
    case "p":
      return hour < 12 ? "AM" : "PM";
    case "P":
      return hour < 12 ? "am" : "pm";
    case "r":
      return `${pad(twelve, 2)}:${pad(minute, 2)}:${pad(second, 2)} ${hour < 12 ? "AM" : "PM"}`;
    case "R":
      return `${pad(hour, 2)}:${pad(minute, 2)}`;
    case "s":
      return String(seconds);
    case "S":
      return pad(second, 2);
    case "t":
      return "\t";
    case "T":
    case "X":
      return `${pad(hour, 2)}:${pad(minute, 2)}:${pad(second, 2)}`;
    case "u":
      return String(weekday || 7);
    case "U":
      return pad(Math.floor((yearday + 6 - weekday) / 7), 2);
    case "w":
      return String(weekday);
    case "W":
      return pad(Math.floor((yearday + 6 - ((weekday + 6) % 7)) / 7), 2);
    case "y":
      return pad(year % 100, 2);
    case "Y":
      return String(year);
    case "z":
      return "+0000";
    case "Z":
      return "UTC";
    case "%":
      return "%";
    default:
      return undefined;
  }
}
