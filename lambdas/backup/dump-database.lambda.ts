import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { z } from 'zod';
import { step } from '../aws/step.ts';
import { runIdSchema } from '../runs/run.ts';
import { databaseLogin } from '../target/database-login.client.ts';
import { targetIdSchema } from '../target/target.ts';
import { dumpDatabase } from './dump-database.ts';
import { keepDump } from './keep-dump.ts';

const connectionTimeoutMillis = 5_000;

/** The backup hook for databases that fit into a Lambda: a dump of the tables in the evidence bucket. */
export const handler = step(
  z.strictObject({ gameDayId: runIdSchema, target: targetIdSchema }),
  async (request, { target, evidence, clock }) => {
    const found = await target(request.target);
    const { database } = found;
    if (!database) throw new Error(`target '${found.id}' has no database`);
    const { username: user, password } = await databaseLogin(new SecretsManagerClient(), found)();
    const { host, port, name } = database;
    const takenAt = clock.now();
    const dump = await dumpDatabase(
      { host, port, database: name, user, password, connectionTimeoutMillis },
      new Date(takenAt * 1000).toISOString(),
    );
    return keepDump(dump, request, takenAt, evidence);
  },
);
