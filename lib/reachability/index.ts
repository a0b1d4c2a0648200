export * from './classes';
export * from './config-line';
export * from './judge';
export * from './known';
export * from './packet';
export * from './proof';
export * from './routing';
export * from './snapshot';
