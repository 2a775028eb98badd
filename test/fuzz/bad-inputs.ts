import { inspect } from 'node:util';
import fc from 'fast-check';
import { apiRequests } from './api-requests.ts';
import { commandLines } from './command-lines.ts';
import { stepInputs } from './step-inputs.ts';
import type { Surface } from './surface.ts';
import { targets } from './targets.ts';

export interface BadInputFailure {
  surface: string;
  input: string;
  why: string;
}

export interface BadInputs {
  /** How many were sent in. */
  count: number;
  /** Those that were not refused as they should have been: an error of the client's, by name, in one line. */
  failures: BadInputFailure[];
  /** Whether any of them got as far as changing something. */
  touched: boolean;
}

// biome-ignore lint/suspicious/noExplicitAny: each surface has inputs of its own
const surfaces: readonly Surface<any>[] = [apiRequests, stepInputs, targets, commandLines];

/**
 * Sends bad inputs into every way into Faultline, evenly.
 * @param seed the same one makes the same inputs
 */
export async function badInputs(count: number, seed: number): Promise<BadInputs> {
  const result: BadInputs = { count: 0, failures: [], touched: false };
  const touched = () => {
    result.touched = true;
  };
  for (const [index, surface] of surfaces.entries()) {
    const share = Math.ceil((count - index) / surfaces.length);
    for (const input of fc.sample(surface.inputs, { seed: seed + index, numRuns: share })) {
      result.count++;
      const why = await surface.send(input, touched).catch((error) => `it broke: ${error}`);
      if (why !== null) result.failures.push({ surface: surface.name, input: shown(input), why });
    }
  }
  return result;
}

const shown = (input: unknown) =>
  inspect(input, { depth: 4, maxStringLength: 200, breakLength: Number.POSITIVE_INFINITY });
