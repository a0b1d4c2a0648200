export * from './make-promises';
export * from './promise';
