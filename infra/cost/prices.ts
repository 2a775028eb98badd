import { z } from 'zod';
import table from './prices.json' with { type: 'json' };

const price = z.strictObject({ usd: z.number().positive(), unit: z.string().min(1), source: z.url() });

const tableSchema = z.strictObject({
  /** The day on which the prices were looked up. */
  asOf: z.iso.date(),
  region: z.string(),
  currency: z.literal('USD'),
  prices: z.record(z.string(), price),
});

/** List prices without free tiers, discounts and taxes. */
export const priceTable = tableSchema.parse(table) as Omit<z.infer<typeof tableSchema>, 'prices'> & {
  prices: Record<keyof typeof table.prices, z.infer<typeof price>>;
};
export type Prices = typeof priceTable;
