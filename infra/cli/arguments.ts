import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { InvalidArgumentError } from 'commander';
import { headersSchema } from '../../lambdas/api/headers.ts';
import { reasonSchema } from '../../lambdas/api/reason.ts';
import { runIdSchema } from '../../lambdas/runs/run.ts';
import { availableScenarios, isScenarioId, scenarioById } from '../../lambdas/scenarios/registry.ts';
import type { ScenarioId } from '../../lambdas/scenarios/scenario.ts';
import { scheduleNameSchema } from '../../lambdas/schedules/schedule.ts';
import { targetIdSchema } from '../../lambdas/target/target.ts';
import { parseFragile } from '../sample-app/fragile.ts';
import { outputFolder } from './output-folder.ts';
import { bundleFolder } from './report-folder.ts';

export const allowedScenarios = availableScenarios.map((s) => s.id).join(', ');
export const exampleId = 'gd-20260218-141503-k2m9x4';
/** What a reason has to be, in words. */
export const aReason = 'one line of 1 to 200 characters';

/** What throws a RangeError for a text that it does not take, as commander's parser of an argument. */
const checked =
  <T>(parse: (text: string) => T) =>
  (text: string): T => {
    try {
      return parse(text);
    } catch (error) {
      if (error instanceof RangeError) throw new InvalidArgumentError(error.message);
      throw error;
    }
  };

/** The parsers of the command line's values; each says what is allowed when it does not take one. */
export const folder = checked(outputFolder);
export const bundle = checked(bundleFolder);
/** Collects the folders of several, each once. */
export const bundles = (text: string, earlier: readonly string[] = []): string[] => [
  ...new Set([...earlier, bundle(text)]),
];
/** A file that is there or not, in a folder that is there or can be made. */
export const file = checked((text) => join(outputFolder(dirname(resolve(text))), basename(text)));

export const fragile = checked((text) => {
  parseFragile(text);
  return text;
});

export const target = checked((text) => {
  if (!targetIdSchema.safeParse(text).success || text === 'load') {
    throw new RangeError("Allowed are small letters, digits and '-', at most 31 and a letter first, and not 'load'.");
  }
  return text;
});

export const id = checked((text) => {
  if (!runIdSchema.safeParse(text).success) {
    throw new RangeError(`It is no id of a game-day, as in ${exampleId}, or of a run, as in ${exampleId}-control.`);
  }
  return text;
});

export const reason = checked((text) => {
  const { success, data } = reasonSchema.safeParse(text);
  if (!success) throw new RangeError(`It has to be ${aReason}.`);
  return data;
});

/** Collects what is given more than once. */
export function scenario(text: string, earlier: ScenarioId[] = []): ScenarioId[] {
  if (!isScenarioId(text)) throw new InvalidArgumentError(`Allowed are: ${allowedScenarios}.`);
  if (scenarioById(text).status !== 'available')
    throw new InvalidArgumentError(`It cannot be run yet. Allowed are: ${allowedScenarios}.`);
  return earlier.includes(text) ? earlier : [...earlier, text];
}

/** One scenario's id. */
export const oneScenario = (text: string): ScenarioId => scenario(text)[0]!;

/** A whole number. */
export const count = (least: number, most: number) =>
  checked((text) => {
    const number = Number(text);
    if (!/^\d+$/.test(text) || number < least || number > most) {
      throw new RangeError(`Allowed are whole numbers from ${least} to ${most}.`);
    }
    return number;
  });

export const idempotencyKey = checked((text) => {
  if (!headersSchema.shape['Idempotency-Key'].safeParse(text).success) {
    throw new RangeError('Allowed are 1 to 128 of A-Z a-z 0-9 . _ : -');
  }
  return text;
});

export const scheduleName = checked((text) => {
  if (!scheduleNameSchema.safeParse(text).success) {
    throw new RangeError("Allowed are small letters, digits and '-', at most 41 and a letter first.");
  }
  return text;
});

/** JSON, or a file that holds some. */
export const json = checked((text) => {
  const isJson = text.trimStart().startsWith('{');
  if (!isJson && !existsSync(text)) throw new RangeError('It is neither JSON in braces nor a file that is there.');
  try {
    return JSON.parse(isJson ? text : readFileSync(text, 'utf8')) as Record<string, unknown>;
  } catch (error) {
    throw new RangeError(`It is no JSON: ${(error as Error).message}`);
  }
});
