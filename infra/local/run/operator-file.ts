import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { ApiAccess } from '../../../lambdas/operator/signed-requests.client.ts';
import { isRunning } from '../process-id.ts';

/** How another terminal reaches the run that is going on: the API and the keys of the run's own operator. */
const operatorSchema = z.object({
  url: z.url(),
  region: z.string(),
  credentials: z.object({ accessKeyId: z.string(), secretAccessKey: z.string() }),
});
export type LocalOperator = z.infer<typeof operatorSchema> & ApiAccess;

const ownerSchema = z.object({ pid: z.int().positive(), startTime: z.string() });

const fileIn = (stateDir: string) => join(stateDir, 'operator.json');

/** It goes away with the state folder; whoever reads it sees all of it or nothing. */
export function writeOperatorFile(stateDir: string, operator: LocalOperator): void {
  const written = `${fileIn(stateDir)}.new`;
  writeFileSync(written, `${JSON.stringify(operator, null, 2)}\n`, { mode: 0o600 });
  renameSync(written, fileIn(stateDir));
}

/** Of the runs below `root`, those whose process lives and whose app is deployed. */
export function livingOperators(root: string): LocalOperator[] {
  if (!existsSync(root)) return [];
  return readdirSync(root).flatMap((name) => {
    const owner = read(ownerSchema, join(root, name, 'owner.json'));
    const operator = read(operatorSchema, fileIn(join(root, name)));
    return owner && operator && isRunning(owner) ? [operator] : [];
  });
}

/** Null where it is not there, or not there any more, or something else. */
function read<T extends z.ZodType>(schema: T, file: string): z.infer<T> | null {
  try {
    return schema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}
