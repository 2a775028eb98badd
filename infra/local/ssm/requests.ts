import { z } from 'zod';
import { SsmError } from './ssm-error.ts';

const instanceId = z.string().regex(/^(i-(\w{8}|\w{17})|mi-\w{17})$/);
/** A name, or the ARN that ends in it. */
const documentName = z
  .string()
  .regex(/^[a-zA-Z0-9_\-.:/]{3,128}$/)
  .transform((name) => name.replace(/^arn:aws:ssm:[^:]*:[^:]*:document\//, ''));
const documentVersion = z.string().default('$DEFAULT');
const commandId = z.string().length(36);
const paging = { MaxResults: z.number().int().min(1).max(50).default(50), NextToken: z.string().optional() };
const values = z.array(z.string()).min(1).max(100);

/**
 * What is taken of each operation's input. Strict: an option that nobody here heeds is refused, where an emulator's
 * silence would be taken for its effect.
 */
const requests = {
  SendCommand: z.strictObject({
    DocumentName: documentName,
    DocumentVersion: documentVersion,
    InstanceIds: z.array(instanceId).min(1).max(50),
    Parameters: z.record(z.string(), z.array(z.string())).default({}),
    TimeoutSeconds: z.number().int().min(30).max(2_592_000).default(3_600),
    Comment: z.string().max(100).default(''),
  }),
  GetCommandInvocation: z.strictObject({
    CommandId: commandId,
    InstanceId: instanceId,
    PluginName: z.string().optional(),
  }),
  CancelCommand: z.strictObject({ CommandId: commandId, InstanceIds: z.array(instanceId).max(50).default([]) }),
  ListCommands: z.strictObject({
    CommandId: commandId.optional(),
    InstanceId: instanceId.optional(),
    Filters: z
      .array(
        z.strictObject({ key: z.enum(['InvokedAfter', 'InvokedBefore', 'Status', 'DocumentName']), value: z.string() }),
      )
      .default([]),
    ...paging,
  }),
  DescribeInstanceInformation: z.strictObject({
    Filters: z.array(z.strictObject({ Key: z.string(), Values: values })).default([]),
    ...paging,
    MaxResults: z.number().int().min(5).max(50).default(50),
  }),
  GetDocument: z.strictObject({
    Name: documentName,
    DocumentVersion: documentVersion,
    DocumentFormat: z.enum(['JSON', 'YAML']).default('JSON'),
  }),
  DescribeDocument: z.strictObject({ Name: documentName, DocumentVersion: documentVersion }),
};

const all = {
  ...requests,
  ListCommandInvocations: requests.ListCommands.extend({ Details: z.boolean().default(false) }),
};

export type Operation = keyof typeof all;
export type RequestOf<O extends Operation> = z.infer<(typeof all)[O]>;
export type SendCommandRequest = RequestOf<'SendCommand'>;

export function isOperation(name: string): name is Operation {
  return Object.hasOwn(all, name);
}

/** @throws SsmError SerializationException, ValidationException */
export function readRequest<O extends Operation>(operation: O, body: string): RequestOf<O> {
  const read = all[operation].safeParse(parsed(body));
  if (read.success) return read.data as RequestOf<O>;
  const [issue] = read.error.issues;
  const where = issue?.path.join('.');
  throw new SsmError('ValidationException', [operation, where, issue?.message].filter(Boolean).join(': '));
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body || '{}');
  } catch {
    throw new SsmError('SerializationException', 'The request is not JSON.');
  }
}
