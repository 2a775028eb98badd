import { z } from 'zod';

/**
 * Control characters, line ends, and marks that turn a text around (Unicode's Cc, Zl, Zp and Bidi_Control), one by one:
 * clients in other languages read this pattern in the OpenAPI document, and not all of them know classes by name.
 */
const tricks = String.raw`\u0000-\u001F\u007F-\u009F\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069`;

/** Why somebody stops a run or moves the lever: told to others in terminals and reports, so one line and no tricks. */
export const reasonSchema = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .regex(new RegExp(`^[^${tricks}]*$`), 'one line of text, without control characters')
  .refine((text) => text.isWellFormed(), 'text, without half characters')
  .meta({ examples: ['customers complain'] });
