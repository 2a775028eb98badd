import { z } from 'zod';

/** Those of a request that say something to us. */
export const headersSchema = z.object({
  'Idempotency-Key': z
    .string()
    .regex(/^[A-Za-z0-9._:-]{1,128}$/)
    .optional()
    .meta({ description: 'The same key and the same request come to the same answer, for a day' }),
});
