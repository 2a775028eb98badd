import { Stack, type StackProps } from 'aws-cdk-lib';
import { CfnDocument } from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import { documents } from '../infra/ssm/documents.ts';

/**
 * The command documents of the host faults. A stack of its own: the emulator's CloudFormation knows none, and its fault
 * plane has them already.
 */
export class DocumentsStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps = {}) {
    super(scope, id, props);
    for (const { name, content } of documents) {
      new CfnDocument(this, name.replace('Faultline-', ''), {
        name,
        content,
        documentType: 'Command',
        documentFormat: 'JSON',
        // One with a name cannot be replaced.
        updateMethod: 'NewVersion',
        targetType: '/',
      });
    }
  }
}
