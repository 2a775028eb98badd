/** Where every target's configuration is in the parameter store, by the target's id. */
export const targetsPath = '/faultline/targets/';
