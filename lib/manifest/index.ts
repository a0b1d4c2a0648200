export * from './make-manifest';
export * from './proof-record';
export * from './schema';
export * from './sessions';
