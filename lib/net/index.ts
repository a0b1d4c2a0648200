export * from './address';
export * from './invalid-value';
export * from './names';
export * from './port-range';
export * from './prefix';
export * from './range';
export * from './ssh-names';
