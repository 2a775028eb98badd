import { z } from 'zod';
import { SsmError } from './ssm-error.ts';

/** A document as it is deployed, which is when it would be looked at first. */
export interface DocumentSource {
  name: string;
  content: unknown;
}

const text = z.string();
const limit = z.coerce.number().int().nonnegative();
/** Values of either type of parameter; a String's is one text. */
const value = z.union([text, z.array(text)]);

const parameter = z.strictObject({
  type: z.enum(['String', 'StringList']),
  description: text.optional(),
  displayType: z.enum(['textarea', 'textfield']).optional(),
  default: value.optional(),
  allowedPattern: text.optional(),
  allowedValues: z.array(text).optional(),
  minChars: limit.optional(),
  maxChars: limit.optional(),
  minItems: limit.optional(),
  maxItems: limit.optional(),
  interpolationType: z.enum(['ENV_VAR']).optional(),
});

const step = z.strictObject({
  action: z.literal('aws:runShellScript'),
  name: text.regex(/^[A-Za-z0-9_.-]{3,128}$/),
  precondition: z.strictObject({ StringEquals: z.tuple([text, text]) }).optional(),
  inputs: z.strictObject({
    runCommand: z.union([text, z.array(text)]),
    timeoutSeconds: z.union([text, z.number()]).optional(),
    workingDirectory: text.optional(),
    onFailure: z.enum(['exit', 'successAndExit']).optional(),
  }),
});

/** What of SSM's Command documents can be run here. Strict: nothing in a document is left out in silence. */
const commandDocument = z.strictObject({
  schemaVersion: z.literal('2.2'),
  description: text.optional(),
  parameters: z.record(text.regex(/^[A-Za-z0-9]+$/), parameter).default({}),
  mainSteps: z.array(step).min(1),
});

export type CommandDocument = z.infer<typeof commandDocument>;
export type DocumentParameter = z.infer<typeof parameter>;
export type DocumentStep = CommandDocument['mainSteps'][number];

/** @throws SsmError InvalidDocument when there is none of this name, or it cannot be run */
export function findDocument(sources: readonly DocumentSource[], name: string): CommandDocument {
  const read = commandDocument.safeParse(sourceOf(sources, name).content);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new SsmError('InvalidDocument', `${name}: ${issue?.path.join('.')}: ${issue?.message}`);
}

/** @throws SsmError InvalidDocument when there is none of this name */
export function sourceOf(sources: readonly DocumentSource[], name: string): DocumentSource {
  const source = sources.find((one) => one.name === name);
  if (source === undefined) throw new SsmError('InvalidDocument', `Document with name ${name} does not exist.`);
  return source;
}
