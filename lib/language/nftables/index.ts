export * from './print';
export * from './ruleset';
export * from './parse';
