import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { faultlineApp } from '../../../lib/app.ts';
import type { Mode } from '../../../lib/mode.ts';

export interface Synthesized {
  outdir: string;
  core: Template;
  load: Template;
  dashboards: Template;
  /** Null where it is not deployed. */
  documents: Template | null;
  /** Of the sample application, or of own targets. */
  sample: Template;
  /** What synthesis would have to ask the account. */
  missing: object[];
}

// The CDK's own look at the templates costs four seconds a file; cfn-lint looks at them more closely, once.
process.env.CDK_VALIDATION = 'false';

const outdirs: string[] = [];
afterAll(() => {
  for (const dir of outdirs) rmSync(dir, { recursive: true, force: true });
});

/** A new folder for an app's output, which goes away with the test file. */
export function newOutdir(): string {
  const outdir = mkdtempSync(join(tmpdir(), 'faultline-synth-'));
  outdirs.push(outdir);
  return outdir;
}

/** The app's templates, its Lambdas not bundled. `context` is what `cdk deploy -c` would add. */
export function synth(mode: Mode, context: Record<string, string> = {}): Synthesized {
  const outdir = newOutdir();
  const app = faultlineApp({ context: { 'aws:cdk:bundling-stacks': [], mode, ...context }, outdir });
  const { manifest } = app.synth();
  const template = (name: string) => Template.fromStack(app.node.findChild(name) as Stack);
  const hasDocuments = app.node.tryFindChild('FaultlineDocuments') !== undefined;
  return {
    outdir,
    core: template('Faultline'),
    load: template('FaultlineLoad'),
    dashboards: template('FaultlineDashboards'),
    sample: template(app.node.tryFindChild('FaultlineOwnTarget') ? 'FaultlineOwnTarget' : 'FaultlineSampleTarget'),
    missing: manifest.missing ?? [],
    documents: hasDocuments ? template('FaultlineDocuments') : null,
  };
}
