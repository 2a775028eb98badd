import { readFileSync } from 'node:fs';

/**
 * The machine's processors, of which each guest has one: what its kernel does for a process of its own is a turn from one
 * process of this machine to another and back, which takes several times as long from one processor to another.
 */
export class Processors {
  private readonly guests: Map<number, number>;
  private readonly random: () => number;

  /** @param numbers of those that may be used @param random from 0 to less than 1; other stacks choose for themselves */
  constructor(numbers: readonly number[] = usable(), random = Math.random) {
    this.guests = new Map(numbers.map((number) => [number, 0]));
    this.random = random;
  }

  /** One that the fewest guests have. */
  take(): number {
    const fewest = Math.min(...this.guests.values());
    const numbers = [...this.guests].filter(([, guests]) => guests === fewest).map(([number]) => number);
    const number = numbers[Math.floor(this.random() * numbers.length)]!;
    this.guests.set(number, fewest + 1);
    return number;
  }

  release(number: number): void {
    this.guests.set(number, this.guests.get(number)! - 1);
  }
}

const usable = (): number[] =>
  listed(/^Cpus_allowed_list:\s*(\S+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))![1]!);

/** The numbers in a list as the kernel writes it: `0-3,8`. */
export function listed(list: string): number[] {
  return list.split(',').flatMap((part) => {
    const [first, last = first] = part.split('-').map(Number) as [number, number?];
    return Array.from({ length: last! - first + 1 }, (_, i) => first + i);
  });
}
