export * from './make-manifest';
export * from './schema';
