import type { Catalog, Column, Sequence, Table } from './catalog.ts';

/** Everything that has to be there before the first row. */
export function scriptHead({ tables, sequences, version }: Catalog, takenAt: string): string {
  const schemas = [...new Set([...tables, ...sequences].map(({ schema }) => schema))];
  return lines(
    `-- Tables of a PostgreSQL ${version} database at ${takenAt}. Restore it into an empty one: psql -v ON_ERROR_STOP=1 -f`,
    `SET client_encoding = 'UTF8';`,
    `SET standard_conforming_strings = on;`,
    `SELECT pg_catalog.set_config('search_path', '', false);`,
    'BEGIN;',
    ...schemas.filter((schema) => schema !== 'public').map((schema) => `CREATE SCHEMA IF NOT EXISTS ${schema};`),
    ...sequences.filter((s) => !s.isIdentity).map(createSequence),
    ...tables.map(({ name, columns }) => `CREATE TABLE ${name} (${columns.map(definition).join(', ')});`),
  );
}

/** What the copy of a table is made from, and restored into. */
export const copyTarget = ({ name, columns }: Table) => `${name} (${dataColumns(columns).join(', ')})`;

export const copyHead = (table: Table) => lines(`COPY ${copyTarget(table)} FROM stdin;`);
export const copyEnd = '\\.\n';

/** Constraints and indexes come after the rows, references after everything that they refer to. */
export function scriptEnd({ tables, sequences }: Catalog): string {
  const constraints = tables.flatMap(({ name, constraints }) => constraints.map((c) => `ALTER TABLE ${name} ${c};`));
  const isReference = (statement: string) => / FOREIGN KEY /.test(statement);
  return lines(
    ...sequences.flatMap(settle),
    ...constraints.filter((c) => !isReference(c)),
    ...tables.flatMap(({ indexes }) => indexes.map((index) => `${index};`)),
    ...constraints.filter(isReference),
    'COMMIT;',
  );
}

/** A table all of whose columns are computed, or that has none, has rows but no data. */
export const hasData = ({ columns }: Table) => dataColumns(columns).length > 0;

const dataColumns = (columns: Column[]) => columns.filter((c) => !c.generated).map((c) => c.name);
const definition = ({ name, type, rest, notNull }: Column) =>
  [name, type, rest, notNull ? 'NOT NULL' : ''].filter(Boolean).join(' ');

const createSequence = ({ name, type, start, increment, minimum, maximum, cycle }: Sequence) =>
  `CREATE SEQUENCE ${name} AS ${type} START ${start} INCREMENT ${increment} MINVALUE ${minimum} MAXVALUE ${maximum}` +
  `${cycle ? ' CYCLE' : ''};`;

function settle({ name, ownedBy, isIdentity, lastValue }: Sequence): string[] {
  const owner = ownedBy && !isIdentity ? [`ALTER SEQUENCE ${name} OWNED BY ${ownedBy};`] : [];
  const value = lastValue === null ? [] : [`SELECT pg_catalog.setval(${literal(name)}, ${lastValue}, true);`];
  return [...owner, ...value];
}

const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;
const lines = (...all: string[]) => all.map((line) => `${line}\n`).join('');
