import type { Inserted } from '../database/repository.ts';

/** 201 for a new row, 200 for one that an earlier, repeated request had made. */
export function statusOf(inserted: Inserted): 200 | 201 {
  return inserted === 'created' ? 201 : 200;
}
