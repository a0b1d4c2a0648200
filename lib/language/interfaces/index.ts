export * from './config';
export * from './print';
