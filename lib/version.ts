import packageJson from '../package.json' with { type: 'json' };

/** Of what is deployed. */
export const { version } = packageJson;
