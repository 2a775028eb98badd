import { blocks, codeBlock } from '../report/markdown.ts';

/** What of a JSON Schema the reference shows. */
interface Schema {
  $ref?: string;
  type?: string | string[];
  const?: unknown;
  enum?: unknown[];
  anyOf?: Schema[];
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  description?: string;
  default?: unknown;
  examples?: unknown[];
  minimum?: number;
  maximum?: number;
}
interface Content {
  content?: Record<string, { schema: Schema }>;
}
interface Operation {
  tags?: string[];
  summary: string;
  description?: string;
  parameters?: { name: string; in: string; required?: boolean; description?: string; schema: Schema }[];
  requestBody?: Content;
  responses: Record<string, Content & { description: string }>;
}
export interface Document {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

/** The API as people look it up: a page of Markdown, made of its OpenAPI document and of nothing else. */
export function renderReference({ paths, components }: Document): string {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ title: `${method.toUpperCase()} ${path}`, operation })),
  );
  const always = refusals(operations.map(({ operation }) => operation)).filter((refusal) =>
    operations.every(({ operation }) => refusals([operation]).includes(refusal)),
  );
  return `${blocks(
    '# API reference',
    'Made of [openapi.json](openapi.json) by `node lambdas/api/export-openapi.ts docs/openapi.json docs/api-reference.md`; ' +
      'how to sign a request, and what the API is like, is in [The API](api.md). Paths are below the stage; times are ' +
      'epoch seconds. Every refusal is a [Problem](#problem).',
    `Any request may be refused with ${always.join(', ')}.`,
    ...operations.map(({ title, operation }) => operationText(title, operation, always)),
    '# Schemas',
    ...Object.entries(components.schemas).map(([name, schema]) =>
      blocks(`## ${name}`, schema.description ? `${schema.description}.` : null, fieldsOf(schema)),
    ),
  )}\n`;
}

function operationText(title: string, operation: Operation, always: string[]): string {
  const { summary, description, parameters = [] } = operation;
  const body = schemaOf(operation.requestBody);
  const example = body?.examples?.[0];
  const refused = refusals([operation]).filter((refusal) => !always.includes(refusal));
  return blocks(
    `## ${title}`,
    `${summary}.`,
    description ?? null,
    parameters.length === 0
      ? null
      : table(
          ['Parameter', 'In', 'Type', ''],
          parameters.map((p) => [p.name, p.in, typeText(p.schema), remarks(p.schema, p.description, !p.required)]),
        ),
    body ? fieldsOf(body) : null,
    example === undefined ? null : codeBlock([JSON.stringify(example)], 'json'),
    table(
      ['Status', 'Body', ''],
      Object.entries(operation.responses)
        .filter(([status]) => Number(status) < 400)
        .map(([status, answer]) => [status, typeText(schemaOf(answer) ?? { const: 'none' }), answer.description]),
    ),
    refused.length === 0 ? null : `Refused with ${refused.join(', ')}.`,
  );
}

/** "404 run-not-found", each once. */
function refusals(operations: readonly Operation[]): string[] {
  const all = operations
    .flatMap(({ responses }) => Object.entries(responses))
    .filter(([status]) => Number(status) >= 400)
    // The description begins with the status' own words.
    .flatMap(([status, { description }]) =>
      description
        .replace(/^[^:]*: /, '')
        .split(', ')
        .map((why) => `${status} ${why}`),
    );
  return [...new Set(all)];
}

function table(header: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}

const schemaOf = (part: Content | undefined): Schema | undefined =>
  Object.values(part?.content ?? {}).map(({ schema }) => schema)[0];

function fieldsOf({ properties = {}, required = [] }: Schema): string {
  const rows = Object.entries(properties).map(([name, schema]) => [
    name,
    typeText(schema),
    remarks(schema, schema.description, !required.includes(name)),
  ]);
  return table(['Field', 'Type', ''], rows);
}

function remarks(
  { default: usual, minimum, maximum }: Schema,
  description: string | undefined,
  isOptional: boolean,
): string {
  return [
    ...(description ? [description] : []),
    ...(usual !== undefined ? [`default ${JSON.stringify(usual)}`] : isOptional ? ['optional'] : []),
    // JavaScript's own bounds of an integer are nobody's rule.
    ...(minimum !== undefined && Math.abs(minimum) < Number.MAX_SAFE_INTEGER ? [`at least ${minimum}`] : []),
    ...(maximum !== undefined && Math.abs(maximum) < Number.MAX_SAFE_INTEGER ? [`at most ${maximum}`] : []),
  ].join('; ');
}

const linkTo = (name: string) => `[${name}](#${name.toLowerCase()})`;

/** "integer", "quick or full", "list of [Run](#run)", "{ reason, by, at } or null" */
function typeText(schema: Schema): string {
  if (schema.$ref) return linkTo(schema.$ref.split('/').at(-1)!);
  if (schema.const !== undefined) return String(schema.const);
  if (schema.enum) return schema.enum.map(String).join(' or ');
  if (schema.anyOf) return schema.anyOf.map(typeText).join(' or ');
  if (schema.items) return `list of ${typeText(schema.items)}`;
  if (schema.properties) return `{ ${Object.keys(schema.properties).join(', ')} }`;
  if (typeof schema.additionalProperties === 'object') return `map of ${typeText(schema.additionalProperties)}`;
  return [schema.type ?? 'any'].flat().join(' or ');
}
