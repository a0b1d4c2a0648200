export * from './make-manifest';
export * from './schema';
export * from './sessions';
