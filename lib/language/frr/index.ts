export * from './config';
export * from './daemons';
export * from './print';
export * from './parse';
