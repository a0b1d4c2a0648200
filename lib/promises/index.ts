export * from './make-promises';
export * from './promise-book';
export * from './promise';
