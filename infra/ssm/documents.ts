import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument, stringify } from 'yaml';

/** A command document as SSM takes it. */
export interface DocumentContent {
  schemaVersion: '2.2';
  description: string;
  parameters: Record<string, DocumentParameter>;
  mainSteps: DocumentStep[];
}

export interface DocumentParameter {
  type: 'String';
  description: string;
  default?: string;
  allowedPattern: string;
  allowedValues?: string[];
  maxChars?: number;
  /** The agent sets `SSM_<name>` instead of putting the value into the script's text. */
  interpolationType?: 'ENV_VAR';
}

export interface DocumentStep {
  name: string;
  action: 'aws:runShellScript';
  precondition: { StringEquals: [string, string] };
  inputs: { timeoutSeconds: string; runCommand: string[] };
}

export interface CommandDocument {
  /** As it is deployed, `Faultline-NetworkLatency`. */
  name: string;
  /** In this folder. */
  file: string;
  content: DocumentContent;
}

/** The smallest SSM agent that hands parameters over as environment variables. */
export const leastAgentVersion = '3.3.2746.0';

const files = [
  'network-latency.yaml',
  'memory-pressure.yaml',
  'cpu-saturation.yaml',
  'process-kill.yaml',
  'revert.yaml',
  'status.yaml',
  'sampler.yaml',
];

/** `!script begin.sh` stands for the text of scripts/begin.sh: what several documents do is written once. */
const script = {
  tag: '!script',
  resolve: (file: string) => readFileSync(join(import.meta.dirname, 'scripts', file), 'utf8').trimEnd(),
};

function deployedName(file: string): string {
  const words = file.replace('.yaml', '').split('-');
  return `Faultline-${words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')}`;
}

function readContent(file: string): DocumentContent {
  const document = parseDocument(readFileSync(join(import.meta.dirname, file), 'utf8'), { customTags: [script] });
  const [problem] = [...document.errors, ...document.warnings];
  if (problem) throw problem;
  return document.toJS();
}

/** Every command document, whole: what CDK deploys, what the local Run Command runs, and what the tests look at. */
export const documents: readonly CommandDocument[] = files.map((file) => ({
  name: deployedName(file),
  file,
  content: readContent(file),
}));

/**
 * A document's whole text, as `aws ssm create-document --document-format YAML` takes it.
 * @throws RangeError when there is none of that name
 */
export function documentText(name: string): string {
  const document = documents.find((one) => one.name === name);
  if (document === undefined) {
    throw new RangeError(`no document ${name}; there are ${documents.map((one) => one.name).join(', ')}`);
  }
  return stringify(document.content, { lineWidth: 0 });
}

if (import.meta.main) process.stdout.write(documentText(process.argv[2] ?? ''));
