declare module 'asl-validator' {
  export default function validate(
    definition: object,
    options: { checkPaths: boolean; checkArn: boolean },
  ): Promise<{ isValid: boolean; errors: object[] }>;
}
