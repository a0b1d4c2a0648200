export * from './config';
export * from './print';
export * from './parse';
