import { createHash } from 'node:crypto';
import { stringify } from 'yaml';
import { type CommandDocument, type DocumentSource, findDocument, sourceOf } from './command-document.ts';
import type { RequestOf } from './requests.ts';
import { SsmError } from './ssm-error.ts';

type Wire = Record<string, unknown>;

const version = '1';

/** @throws SsmError InvalidDocumentVersion: there is but one of each document */
export function checkVersion(name: string, wanted: string): void {
  if (['$DEFAULT', '$LATEST', version].includes(wanted)) return;
  throw new SsmError('InvalidDocumentVersion', `${name} has no version ${wanted}.`);
}

/** @throws SsmError InvalidDocument, InvalidDocumentVersion */
export function getDocument(sources: readonly DocumentSource[], request: RequestOf<'GetDocument'>): Wire {
  const { Name, DocumentFormat, DocumentVersion } = request;
  const { content } = sourceOf(sources, Name);
  checkVersion(Name, DocumentVersion);
  return {
    Name,
    DocumentVersion: version,
    Status: 'Active',
    DocumentType: 'Command',
    DocumentFormat,
    Content: DocumentFormat === 'YAML' ? stringify(content, { lineWidth: 0 }) : asJson(content),
  };
}

/** @throws SsmError InvalidDocument, InvalidDocumentVersion */
export function describeDocument(
  sources: readonly DocumentSource[],
  { Name, DocumentVersion }: RequestOf<'DescribeDocument'>,
  account: string,
): Wire {
  const document = findDocument(sources, Name);
  checkVersion(Name, DocumentVersion);
  return {
    Document: {
      Name,
      Owner: account,
      Hash: createHash('sha256')
        .update(asJson(sourceOf(sources, Name).content))
        .digest('hex'),
      HashType: 'Sha256',
      Status: 'Active',
      DocumentVersion: version,
      LatestVersion: version,
      DefaultVersion: version,
      Description: document.description ?? '',
      DocumentType: 'Command',
      DocumentFormat: 'JSON',
      SchemaVersion: document.schemaVersion,
      PlatformTypes: ['Linux'],
      Parameters: parametersOf(document),
    },
  };
}

function asJson(content: unknown): string {
  return JSON.stringify(content, undefined, 2);
}

function parametersOf({ parameters }: CommandDocument): Wire[] {
  return Object.entries(parameters).map(([Name, { type, description, default: value }]) => ({
    Name,
    Type: type,
    ...(description !== undefined && { Description: description }),
    ...(value !== undefined && { DefaultValue: typeof value === 'string' ? value : JSON.stringify(value) }),
  }));
}
