export * from './declared';
export * from './fabric';
export * from './host';
export * from './lookup';
export * from './network';
export * from './reach';
export * from './rollout';
export * from './target';
