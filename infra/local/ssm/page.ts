import { SsmError } from './ssm-error.ts';

export interface Paging {
  MaxResults: number;
  NextToken?: string | undefined;
}

/** The part of a list that a request asks for; its token is where the next part begins. @throws SsmError InvalidNextToken */
export function pageOf<T>(list: readonly T[], { MaxResults, NextToken = '0' }: Paging): { page: T[]; more: object } {
  if (!/^\d{1,9}$/.test(NextToken)) throw new SsmError('InvalidNextToken', 'The specified token is not valid.');
  const end = Number(NextToken) + MaxResults;
  return { page: list.slice(Number(NextToken), end), more: end < list.length ? { NextToken: String(end) } : {} };
}
