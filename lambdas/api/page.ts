import { z } from 'zod';

/** A token that no list has given, or another list's. */
export class PageTokenInvalid extends Error {
  constructor() {
    super("next: it is not what this list's `next` said");
    this.name = 'PageTokenInvalid';
  }
}

const mostItems = 100;
const usualItems = 20;

/** A whole number in a query, whose values are texts. */
const wholeNumber = (usual: number, least: number, most: number) =>
  z
    .string()
    .regex(/^(0|[1-9]\d{0,5})$/, 'a whole number')
    .transform(Number)
    .pipe(z.int().min(least).max(most))
    .optional()
    .transform((n) => n ?? usual)
    .meta({ override: { type: 'integer', minimum: least, maximum: most, default: usual } });

export const countOf = wholeNumber;

/** Which part of a list is asked for. */
export const pageQuery = z.strictObject({
  limit: wholeNumber(usualItems, 1, mostItems),
  next: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,700}$/)
    .optional()
    .meta({ description: "What the list's part before said as its `next`" }),
});

const tokenSchema = z.tuple([z.string(), z.string().regex(/^[ -~]{1,500}$/)]);

/** The position in a list as a token for its clients, who need not know what it is. */
export const tokenOf = (list: string, after: string | null): string | null =>
  after === null ? null : Buffer.from(JSON.stringify([list, after])).toString('base64url');

/** Where the part that is asked for begins. @throws PageTokenInvalid */
export function positionOf(list: string, { limit, next }: z.output<typeof pageQuery>) {
  return { limit, after: next === undefined ? null : after(list, next) };
}

function after(list: string, token: string): string {
  const { data } = tokenSchema.safeParse(json(Buffer.from(token, 'base64url').toString()));
  if (data?.[0] !== list) throw new PageTokenInvalid();
  return data[1];
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
