export * from './device-resource';
export * from './escape';
export * from './rollout-order';
export * from './sharing-latch';
export * from './target';
export * from './terraform-data';
export * from './write-output';
