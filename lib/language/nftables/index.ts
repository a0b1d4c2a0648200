export * from './print';
export * from './ruleset';
