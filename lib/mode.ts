/** Where a stack is deployed: to an AWS account, or to a LocalStack-compatible emulator. */
export type Mode = 'aws' | 'local';
