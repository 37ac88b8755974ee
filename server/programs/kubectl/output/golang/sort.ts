/** Whether the first of two elements comes before the second. */
export type Less<T> = (left: T, right: T) => boolean;

/**
 * `sort.Sort` of Go 1.19 and later: pattern-defeating quicksort, in place. It is not stable; whoever wants kubectl's very order
 * of equal elements needs these very steps (sort/zsortinterface.go). Up to 12 elements it is an insertion sort.
 */
export function goSort<T>(items: T[], less: Less<T>): void {
  if (items.length > 1) new Sorter(items, less).sort(0, items.length, bitLength(items.length));
}

const MOST_INSERTED = 12;
const SHORTEST_NINTHER = 50;
const MOST_SWAPS = 12;
const MOST_SHIFTS = 5;
const SHORTEST_SHIFTED = 50;

function bitLength(value: number): number {
  return 32 - Math.clz32(value);
}

class Sorter<T> {
  readonly #items: T[];
  readonly #less: Less<T>;
  #swaps = 0;

  constructor(items: T[], less: Less<T>) {
    this.#items = items;
    this.#less = less;
  }

  #before(left: number, right: number): boolean {
    return this.#less(this.#items[left]!, this.#items[right]!);
  }

  #swap(left: number, right: number): void {
    const items = this.#items;
    const item = items[left]!;
    items[left] = items[right]!;
    items[right] = item;
  }

  sort(start: number, end: number, limit: number): void {
    let balanced = true;
    let partitioned = true;
    for (;;) {
      const length = end - start;
      if (length <= MOST_INSERTED) return this.#insertion(start, end);
      if (limit === 0) return this.#heap(start, end);
      if (!balanced) {
        this.#breakPatterns(start, end);
        limit--;
      }
      let [pivot, order] = this.#choosePivot(start, end);
      if (order === "falling") {
        for (let left = start, right = end - 1; left < right;) this.#swap(left++, right--);
        pivot = end - 1 - (pivot - start);
        order = "rising";
      }
      if (balanced && partitioned && order === "rising" && this.#partialInsertion(start, end)) return;
      // An element before that is not less than the pivot: there are many equal ones.
      if (start > 0 && !this.#before(start - 1, pivot)) {
        start = this.#partitionEqual(start, end, pivot);
        continue;
      }
      const [middle, already] = this.#partition(start, end, pivot);
      partitioned = already;
      const left = middle - start;
      const right = end - middle;
      balanced = Math.min(left, right) >= Math.floor(length / 8);
      if (left < right) {
        this.sort(start, middle, limit);
        start = middle + 1;
      } else {
        this.sort(middle + 1, end, limit);
        end = middle;
      }
    }
  }

  #insertion(start: number, end: number): void {
    for (let next = start + 1; next < end; next++)
      for (let at = next; at > start && this.#before(at, at - 1); at--) this.#swap(at, at - 1);
  }

  #heap(start: number, end: number): void {
    const length = end - start;
    for (let root = (length - 1) >> 1; root >= 0; root--) this.#siftDown(root, length, start);
    for (let last = length - 1; last >= 0; last--) {
      this.#swap(start, start + last);
      this.#siftDown(0, last, start);
    }
  }

  #siftDown(root: number, length: number, first: number): void {
    for (;;) {
      let child = 2 * root + 1;
      if (child >= length) return;
      if (child + 1 < length && this.#before(first + child, first + child + 1)) child++;
      if (!this.#before(first + root, first + child)) return;
      this.#swap(first + root, first + child);
      root = child;
    }
  }

  /** Smaller elements to the left of the pivot; its new place, and whether nothing had to move. */
  #partition(start: number, end: number, pivot: number): [number, boolean] {
    this.#swap(start, pivot);
    let left = start + 1;
    let right = end - 1;
    let moved = false;
    for (;;) {
      while (left <= right && this.#before(left, start)) left++;
      while (left <= right && !this.#before(right, start)) right--;
      if (left > right) break;
      this.#swap(left, right);
      moved = true;
      left++;
      right--;
    }
    this.#swap(right, start);
    return [right, !moved];
  }

  /** Elements equal to the pivot to the left of those greater than it; where these begin. */
  #partitionEqual(start: number, end: number, pivot: number): number {
    this.#swap(start, pivot);
    let left = start + 1;
    let right = end - 1;
    for (;;) {
      while (left <= right && !this.#before(start, left)) left++;
      while (left <= right && this.#before(start, right)) right--;
      if (left > right) return left;
      this.#swap(left, right);
      left++;
      right--;
    }
  }

  /** Sorts what is nearly sorted; whether it is sorted now. */
  #partialInsertion(start: number, end: number): boolean {
    let at = start + 1;
    for (let shift = 0; shift < MOST_SHIFTS; shift++) {
      while (at < end && !this.#before(at, at - 1)) at++;
      if (at === end) return true;
      if (end - start < SHORTEST_SHIFTED) return false;
      this.#swap(at, at - 1);
      if (at - start >= 2)
        for (let down = at - 1; down >= 1 && this.#before(down, down - 1); down--) this.#swap(down, down - 1);
      if (end - at >= 2) for (let up = at + 1; up < end && this.#before(up, up - 1); up++) this.#swap(up, up - 1);
    }
    return false;
  }

  /** Scatters three elements around the middle, by a generator that is seeded with the length. */
  #breakPatterns(start: number, end: number): void {
    const length = end - start;
    if (length < 8) return;
    let random = BigInt(length);
    const mask = (1n << BigInt(bitLength(length))) - 1n;
    const middle = start + (length >> 2) * 2;
    for (let at = middle - 1; at <= middle + 1; at++) {
      random ^= BigInt.asUintN(64, random << 13n);
      random ^= random >> 7n;
      random ^= BigInt.asUintN(64, random << 17n);
      let other = Number(random & mask);
      if (other >= length) other -= length;
      this.#swap(at, start + other);
    }
  }

  #choosePivot(start: number, end: number): [number, "rising" | "falling" | "unknown"] {
    const length = end - start;
    const quarter = length >> 2;
    let low = start + quarter;
    let middle = start + quarter * 2;
    let high = start + quarter * 3;
    this.#swaps = 0;
    if (length >= SHORTEST_NINTHER) {
      low = this.#median(low - 1, low, low + 1);
      middle = this.#median(middle - 1, middle, middle + 1);
      high = this.#median(high - 1, high, high + 1);
    }
    if (length >= 8) middle = this.#median(low, middle, high);
    if (this.#swaps === 0) return [middle, "rising"];
    return [middle, this.#swaps === MOST_SWAPS ? "falling" : "unknown"];
  }

  #median(a: number, b: number, c: number): number {
    [a, b] = this.#ordered(a, b);
    [b, c] = this.#ordered(b, c);
    [a, b] = this.#ordered(a, b);
    return b;
  }

  #ordered(a: number, b: number): [number, number] {
    if (!this.#before(b, a)) return [a, b];
    this.#swaps++;
    return [b, a];
  }
}
